"""What others ask for and the packaged program never loads: distributions, and modules of those that are shipped."""

DISTRIBUTIONS = frozenset({
    # An HTTP client with what it needs, for timestamps and revocation lists that are fetched from elsewhere: the
    # program opens no connection but to a ledger's server. Modules of `entry/` stand where pyHanko imports it.
    "aiohappyeyeballs", "aiohttp", "aiosignal", "attrs", "certifi", "frozenlist", "idna", "multidict", "propcache",
    "yarl",
    # Colours for source code and pages of help, which we ask Rich for none of.
    "markdown-it-py", "mdurl", "pygments",
    # Guesses encodings of files that ReportLab is given by their names; it is given none.
    "charset-normalizer",
    # Compiles C declarations when a library is built; the compiled ones are shipped.
    "pycparser",
})  # fmt: skip

REPLACED = {
    "pyhanko.sign.timestamps.aiohttp_client": "no_timestamps.py",
    "pyhanko_certvalidator.fetchers.aiohttp_fetchers": "no_fetching.py",
}
"""Modules that one of `packaging/entry` stands for."""

MODULES = (
    # of Python: other windows, networks, databases and its own tests
    "_curses", "_gdbm", "_ssl", "_tkinter", "curses", "dbm", "distutils", "doctest", "ensurepip", "ftplib", "idlelib",
    "imaplib", "lib2to3", "nntplib", "pdb", "poplib", "pydoc", "pydoc_data", "readline", "smtplib", "socketserver",
    "sqlite3.dump", "ssl", "telnetlib", "test", "tkinter", "turtle", "turtledemo", "unittest", "venv", "webbrowser",
    "wsgiref", "xmlrpc",
    # other databases than the two, and tests of libraries
    "alembic.testing", "sqlalchemy.dialects.mssql", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle",
    "sqlalchemy.testing",
    # what fetches
    "pyhanko.sign.signers.csc_signer", "pyhanko_certvalidator.fetchers.requests_fetchers",
    # Qt that no page uses
    "PySide6.QtDBus", "PySide6.QtNetwork", "PySide6.QtOpenGL", "PySide6.QtQml", "PySide6.QtTest",
    # readers and writers of pictures other than PNG and JPEG
    "PIL.AvifImagePlugin", "PIL.ImageQt", "PIL.ImageTk", "PIL.WebPImagePlugin", "PIL._avif", "PIL._imagingcms",
    "PIL._imagingft", "PIL._imagingmath", "PIL._imagingtk", "PIL._webp",
    # parts of lxml beside the one that pyHanko reads a PDF's metadata with
    "lxml.cssselect", "lxml.html", "lxml.isoschematron", "lxml.objectify", "lxml.sax",
)  # fmt: skip
