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
QPushButton[kind="main"]:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:focus { border: 1px solid $danger; }
QPushButton[kind="task"] {
  background: $accent_soft; color: $accent; border: 1px solid transparent; border-radius: 14px;
  padding: 4px 12px;
}
QPushButton[kind="task"]:hover, QPushButton[kind="task"]:focus { border: 1px solid $accent; }
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
QPlainTextEdit#framed {
  background: $surface; border: 1px solid $line; border-radius: 8px; padding: 4px;
}
QPlainTextEdit#framed:focus { border: 1px solid $accent; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator {
  width: 16px; height: 16px; border: 1px solid $muted; border-radius: 5px; background: $surface;
}
QCheckBox::indicator:checked {
  background: $accent; border: 1px solid $accent; image: url("$themes/tick.svg");
}
QCheckBox:focus::indicator { border: 1px solid $accent; }
QComboBox, QAbstractSpinBox {
  background: $surface; border: 1px solid $line; border-radius: 8px; padding: 5px 8px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox { padding: 5px 2px; }
QComboBox:hover, QAbstractSpinBox:hover { background: $raised; }
QComboBox:focus, QAbstractSpinBox:focus { border: 1px solid $accent; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $muted; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$themes/arrow-down.svg"); width: 15px; height: 15px; }
QComboBox QAbstractItemView {
  background: $surface; border: 1px solid $line; padding: 4px; outline: none;
  selection-background-color: $accent_soft; selection-color: $text;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  border: none; width: 22px; background: transparent; subcontrol-origin: border;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 3px 3px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 3px 3px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {
  background: $hover; border-radius: 4px;
}
QAbstractSpinBox::up-arrow { image: url("$themes/arrow-up.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$themes/arrow-down.svg"); width: 12px; height: 12px; }
QAbstractSpinBox QLineEdit { background: transparent; border: none; padding: 0; }
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

QFrame#line { background: $line; border: none; }
QListWidget#framed { background: $surface; border: 1px solid $line; border-radius: 8px; }

QFrame#segmented { background: $raised; border: 1px solid $line; border-radius: 9px; }
QToolButton[kind="segment"] {
  border: 1px solid transparent; border-radius: 7px; padding: 3px 11px; color: $muted;
}
QToolButton[kind="segment"]:checked { background: $surface; color: $text; }
QToolButton[kind="segment"]:checked, QToolButton[kind="segment"]:hover { border-color: $line; }
QToolButton[kind="segment"]:focus { border: 1px solid $accent; }
QToolButton[kind="menu"] {
  background: $raised; border: 1px solid $line; border-radius: 8px; padding: 5px 12px;
}
QToolButton[kind="menu"]:hover { background: $hover; }
QToolButton[kind="menu"]:focus { border: 1px solid $accent; }
QToolButton[kind="menu"]:disabled { color: $muted; }
QFrame#drop { background: $side; border: 2px dashed $line; border-radius: 18px; }
QFrame#drop[dropping="true"] { background: $accent_soft; border: 2px dashed $accent; }
QFrame#pane { background: $surface; border: 1px solid $line; border-radius: 12px; }
QFrame#drop_target { background: $surface; border: 1px solid $line; border-radius: 18px; }
QFrame#drop_target[dropping="true"] { background: $accent_soft; border: 2px solid $accent; }
QGraphicsView { background: $side; border: 1px solid $line; border-radius: 12px; }
QTableView {
  background: transparent; border: none; gridline-color: $line;
  selection-background-color: $accent_soft; selection-color: $text;
}
QTableView::item { padding: 4px 8px; }

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
QSplitter#quiet::handle { background: transparent; }
"""
