"""About Phi Desk: versions and licences, to read and to copy."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import QSize, Qt, Slot, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QTextBrowser, QVBoxLayout, QWidget

import phi_desk
from phi_desk.ui.common.labels import button, label
from phi_desk.ui.icons import app_icon
from phi_desk.ui.theme import HAIR, LARGE, MEDIUM, SMALL, title_font

# What the window and the engine stand on, with the names of their licences.
PARTS = (
    ("PySide6-Essentials", "Qt for Python", "LGPL-3.0"),
    ("torch", "PyTorch", "BSD-3-Clause"),
    ("transformers", "Transformers", "Apache-2.0"),
    ("tokenizers", "Tokenizers", "Apache-2.0"),
    ("safetensors", "safetensors", "Apache-2.0"),
    ("numpy", "NumPy", "BSD-3-Clause"),
    ("onnxruntime", "ONNX Runtime", "MIT"),
    ("pillow", "Pillow", "MIT-CMU"),
    ("opencv-python-headless", "OpenCV", "Apache-2.0"),
    ("av", "PyAV with FFmpeg", "BSD-3-Clause, GPL-2.0"),
    ("soundfile", "soundfile with libsndfile", "BSD-3-Clause, LGPL-2.1"),
    ("soxr", "soxr", "LGPL-2.1"),
    ("pypdfium2", "pypdfium2 with PDFium", "Apache-2.0, BSD-3-Clause"),
)
MODELS = (
    ("Phi-4-multimodal-instruct, by Microsoft", "MIT"),
    ("Silero VAD, by the Silero Team", "MIT"),
)


def versions() -> tuple[tuple[str, str, str], ...]:
    """What is installed: name, version, licence."""
    found = []
    for package, name, licence in PARTS:
        try:
            found.append((name, metadata.version(package), licence))
        except metadata.PackageNotFoundError:
            continue
    return tuple(found)


def as_text() -> str:
    """Everything for a report."""
    lines = [
        f"Phi Desk {phi_desk.__version__} (MIT)",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        *(f"{name} {version} ({licence})" for name, version, licence in versions()),
    ]
    return "\n".join(lines)


class AboutDialog(QDialog):
    """Shown from the navigation."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Phi Desk")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        name = label("Phi Desk", font=title_font())
        version = label(f"Version {phi_desk.__version__}", kind="muted")
        words = label(
            "A private assistant on your own computer. What you ask, show and say stays here.",
            wrap=True,
        )
        head = QHBoxLayout()
        head.setSpacing(LARGE)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        beside = QVBoxLayout()
        for part in (name, version, words):
            beside.addWidget(part)
        beside.setSpacing(HAIR)
        beside.addStretch(1)
        head.addLayout(beside, 1)
        self.licences = QTextBrowser()
        self.licences.setAccessibleName("Versions and licences")
        self.licences.setHtml(_table())
        self.licences.setOpenLinks(False)
        self._copy = button("Copy versions", tip="Copy them for a report")
        self._copy.clicked.connect(self._on_copy_clicked)
        done = button("Close", kind="main")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(SMALL)
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addLayout(head)
        column.addWidget(self.licences, 1)
        column.addLayout(foot)
        self.resize(560, 520)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(as_text())
        self._copy.setText("Copied")


def _table() -> str:
    rows = "".join(
        f"<tr><td>{name}&nbsp;</td><td>{version}&nbsp;&nbsp;</td><td>{licence}</td></tr>"
        for name, version, licence in versions()
    )
    models = "".join(
        f"<tr><td colspan=2>{name}&nbsp;&nbsp;</td><td>{licence}</td></tr>"
        for name, licence in MODELS
    )
    return (
        "<p>Phi Desk is free software under the MIT licence. It is built on:</p>"
        f"<table cellpadding=3>{rows}</table><p>And on these models:</p>"
        f"<table cellpadding=3>{models}</table>"
    )
