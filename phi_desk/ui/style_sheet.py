"""The style sheet, with the names of `theme.Colours` where the colours go."""

SHEET = """
QWidget { color: $text; }
QMainWindow, QDialog, QWidget#page, QStackedWidget { background: $window; }
QWidget#side { background: $side; border: none; border-right: 1px solid $line; }
QWidget#rail { background: $side; border: none; border-right: 1px solid $line; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 8px; }

QLabel { background: transparent; }
QLabel[kind="muted"] { color: $muted; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="badge"] {
  color: $accent; background: $accent_soft; border-radius: 9px; padding: 1px 9px;
}
QLabel[kind="quiet_badge"] {
  color: $muted; background: $raised; border-radius: 9px; padding: 1px 9px;
}

QPushButton {
  background: $raised; border: 1px solid $line; border-radius: 8px; padding: 7px 15px;
}
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; }
QPushButton[kind="main"] { background: $accent; color: $on_accent; border: 1px solid $accent; }
QPushButton[kind="main"]:focus { border: 1px solid $text; }
QPushButton[kind="flat"] { background: transparent; border: 1px solid transparent; }
QPushButton[kind="flat"]:hover { background: $hover; }
QPushButton[kind="flat"]:focus { border: 1px solid $accent; }

QToolButton {
  background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 5px;
}
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:checked { background: $accent_soft; color: $accent; }
QToolButton[kind="main"] { background: $accent; border-radius: 10px; }
QToolButton[kind="main"]:focus { border: 1px solid $text; }
QToolButton[kind="main"]:disabled { background: $raised; }
QToolButton[kind="rail"] { padding: 6px 2px 4px 2px; color: $muted; }
QToolButton[kind="rail"]:checked { color: $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit {
  background: $surface; border: 1px solid $line; border-radius: 8px; padding: 6px 8px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus { border: 1px solid $accent; }
QTextEdit, QTextBrowser, QPlainTextEdit {
  background: transparent; border: none;
  selection-background-color: $accent; selection-color: $on_accent;
}
QFrame#composer { background: $surface; border: 1px solid $line; border-radius: 16px; }
QFrame#composer[focused="true"] { border: 1px solid $accent; }
QFrame#composer[dropping="true"] { border: 2px dashed $accent; background: $accent_soft; }
QFrame#bubble { background: $raised; border: none; border-radius: 14px; }
QFrame#code { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame#card { background: $surface; border: 1px solid $line; border-radius: 14px; }
QFrame#chip { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame#chip[broken="true"] { border: 1px solid $danger; }
QFrame#notice { background: $warning_ground; border: none; border-bottom: 1px solid $line; }
QFrame#notice[error="true"] { background: $error_ground; }
QWidget#status { background: $side; border: none; border-top: 1px solid $line; }

QListView, QListWidget {
  background: transparent; border: none; outline: none;
}
QListView::item { border-radius: 8px; padding: 7px 10px; margin: 1px 0; color: $text; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $accent_soft; color: $text; }
QListView::item:focus { border: 1px solid $accent; }

QMenu { background: $surface; border: 1px solid $line; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 22px 6px 12px; border-radius: 6px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }

QScrollArea, QScrollArea > QWidget > QWidget#flow { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $hover; border: none; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: $line; width: 1px; }
"""
