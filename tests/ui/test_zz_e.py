from .test_risk_share_page import *
def test_x(window, opening, qtbot, wait):
    window.activateWindow()
    qtbot.waitUntil(lambda: application().activeWindow() is not None)
    opening(GOLDEN / "rotherham-first-call")
    print("A", application().activeWindow(), application().topLevelWidgets())
    window.go(Link(links.AGREEMENT)); wait()
    print("A", application().activeWindow(), application().topLevelWidgets())
    window.go(Link(links.RISK_SHARE)); wait()
    print("B", application().activeWindow(), [x for x in application().topLevelWidgets() if x.isVisible()])
    assert 0
