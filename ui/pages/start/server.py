"""The dialog that connects to a ledger on a server: by the parts of its address, or by a whole URL."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QWidget

from ledgers.server_address import SCHEMES, ServerAddress, address_of
from rules.problems import RefusedError
from ui.dialogs import Dialog
from ui.failures import Failure, failure_of
from ui.session import Session
from ui.widgets import chars, words

_KEPT = "server"


class ServerDialog(Dialog):
    """Connects. The parts are kept for the next time, the password never."""

    connected = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, url: str = "") -> None:
        """With the parts of a URL; or as they were the last time."""
        explains = "Partners who work at once from several sites keep their ledger on a PostgreSQL server."
        super().__init__("Connect to a server", "&Connect", parent, explains=explains)
        self._session = session
        self._more = ""
        self._is_connecting = False
        self.server, self.port = QLineEdit(), QLineEdit()
        self.port.setPlaceholderText("5432")
        self.database, self.schema = QLineEdit(), QLineEdit()
        self.schema.setPlaceholderText("as usual for the login")
        self.login, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("never kept")
        self.reads_only = QCheckBox("Open it &to read only")
        self._lay_out()
        self.server.editingFinished.connect(self._take_apart)
        self._show(url or self._kept())
        self._asks_password = bool(url)
        self.fit()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            ("&Server", self.server),
            ("&Port", self.port),
            ("&Database", self.database),
            ("Sc&hema", self.schema),
            ("&Login", self.login),
            ("Pass&word", self.password),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            field.setAccessibleName(text.replace("&", ""))
            field.setMinimumWidth(chars(self, 40))
            form.addRow(label, field)
        form.addRow("", self.reads_only)
        self.body.addWidget(words("A whole address, postgresql://…, can be pasted under Server: it is taken apart."))
        self.body.addLayout(form)
        self.body.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  Qt's name
        """Of a server that was connected to before, only the password is asked."""
        super().showEvent(event)
        if self._asks_password:
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def address(self) -> ServerAddress:
        """What the fields say."""
        return ServerAddress(
            self.server.text(),
            self.database.text(),
            self.login.text(),
            self.port.text(),
            self.schema.text(),
            self._more,
        )

    def act(self) -> None:
        """Connect, and open the ledger there."""
        try:
            url = self._url()
        except RefusedError as refused:
            self.say_failure(failure_of(refused), "The address is not complete")
            return
        self.problem.hide()
        self._is_connecting = True
        self.does.setEnabled(False)
        self.progress.begin("Connecting…")
        self._session.open(
            url, read_only=self.reads_only.isChecked(), done=partial(self._connected, url), failed=self._failed
        )

    def _url(self) -> str:
        if self.server.text().strip().startswith(SCHEMES):
            address, password = address_of(self.server.text())
            return address.url(self.password.text() or password)
        return self.address.url(self.password.text())

    def reject(self) -> None:
        """Close; while the server is asked, wait for its answer, which comes within seconds."""
        if self._is_connecting:
            self.progress.say("Waiting for the server’s answer, ten seconds at most…")
            return
        super().reject()

    def _connected(self, url: str) -> None:
        self._is_connecting = False
        self._session.keep_for(_KEPT, address_of(url)[0].url())
        self.accept()
        self.connected.emit()

    def _failed(self, failure: Failure) -> None:
        self._is_connecting = False
        self.say_failure(failure, "The server could not be connected to")

    def _kept(self) -> str:
        return str(self._session.kept(_KEPT, ""))

    def _take_apart(self) -> None:
        """A whole URL was pasted: into its parts with it."""
        if self.server.text().strip().startswith(SCHEMES):
            self._show(self.server.text())

    def _show(self, url: str) -> None:
        if not url:
            return
        try:
            address, password = address_of(url)
        except RefusedError:
            return  # it stays as it was typed, and is told of when it is tried
        self.server.setText(address.server)
        self.port.setText(address.port)
        self.database.setText(address.database)
        self.schema.setText(address.schema)
        self.login.setText(address.login)
        self._more = address.more
        if password:
            self.password.setText(password)
