"""Which font families the pictures are set in, with licence and split; knows no file but by name.

All are Debian packages of the main archive (bookworm). The fonts are used to draw training
pictures only: no font file and no outline is part of what is shipped. A row is a *kin*: families
of one design (Liberation Sans, Arimo and Nimbus Sans all follow Helvetica) stand together and in
one split, so that a font of the test split has no near copy in training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Split = Literal["train", "valid", "test"]
SPLITS: tuple[Split, ...] = ("train", "valid", "test")


@dataclass(frozen=True, slots=True)
class Kin:
    """Families of one design.

    Attributes:
        name: how the kin is called here.
        split: the only split it is drawn in.
        level: the lowest level of difficulty that uses it (training only).
        licence: as the packages' copyright files state it (SPDX where there is an identifier).
        packages: the Debian packages that hold it.
        files: beginnings of file names; a weight or slope in the rest of the name is read there.
    """

    name: str
    split: Split
    level: int
    licence: str
    packages: tuple[str, ...]
    files: tuple[str, ...]


def _kin(split: Split, level: int, licence: str, packages: str, *files: str) -> Kin:
    return Kin(files[0].rstrip("-._ "), split, level, licence, tuple(packages.split()), files)


_OFL, _APACHE, _GPL = "OFL-1.1", "Apache-2.0", "GPL-2.0-or-later WITH Font-exception-2.0"
_GUST = "LPPL-1.3c (GUST Font License)"
_URW = "AGPL-3.0-only WITH Font-exception"
_MIXED_CORE = "OFL-1.1; FreeFont GPL-3.0-or-later, Nimbus AGPL-3.0-only, both WITH Font-exception"

KINS: tuple[Kin, ...] = (
    _kin(
        "train",
        0,
        "Bitstream-Vera; Hack MIT",
        "fonts-dejavu-core fonts-dejavu-extra fonts-hack",
        "DejaVuSans-",
        "DejaVuSans.",
        "DejaVuSansMono",
        "DejaVuSansCondensed",
        "DejaVuSerif",
        "Hack-",
    ),
    _kin(
        "train",
        0,
        _MIXED_CORE,
        "fonts-liberation2 fonts-croscore fonts-freefont-ttf fonts-urw-base35 fonts-texgyre",
        "LiberationSans-",
        "Arimo-",
        "FreeSans",
        "NimbusSans-",
        "texgyreheros",
        "SwitzeraADF-",
        "LiberationSansNarrow-",
        "NimbusSansNarrow-",
    ),
    _kin(
        "train",
        0,
        _MIXED_CORE,
        "fonts-liberation2 fonts-croscore fonts-freefont-ttf fonts-urw-base35 fonts-texgyre "
        "fonts-stix",
        "LiberationSerif-",
        "Tinos-",
        "FreeSerif",
        "NimbusRoman-",
        "texgyretermes",
        "STIX-",
    ),
    _kin(
        "train",
        0,
        f"{_OFL}; Open Sans {_APACHE}",
        "fonts-noto-core fonts-noto-mono fonts-open-sans",
        "NotoSans-",
        "NotoSansDisplay-",
        "NotoSansMono-",
        "NotoMono-",
        "OpenSans-",
    ),
    _kin("train", 1, _APACHE, "fonts-roboto-unhinted", "Roboto-", "RobotoCondensed-"),
    _kin("train", 1, _APACHE, "fonts-roboto-slab", "RobotoSlab-"),
    _kin("train", 1, _OFL, "fonts-noto-core", "NotoSerif-"),
    _kin(
        "train",
        1,
        _MIXED_CORE,
        "fonts-liberation2 fonts-croscore fonts-freefont-ttf fonts-texgyre fonts-courier-prime",
        "LiberationMono-",
        "Cousine-",
        "FreeMonoBold",
        "texgyrecursor-bold",
        "Courier Prime",
    ),
    _kin("train", 1, _OFL, "fonts-quicksand", "Quicksand-"),
    _kin(
        "train", 1, f"{_GUST}; {_URW}", "fonts-texgyre fonts-urw-base35", "texgyrepagella", "P052-"
    ),
    _kin(
        "train", 1, f"{_GUST}; {_URW}", "fonts-texgyre fonts-urw-base35", "texgyreschola", "C059-"
    ),
    _kin(
        "train",
        2,
        f"{_GUST}; {_URW}",
        "fonts-texgyre fonts-urw-base35",
        "texgyrebonum",
        "URWBookman-",
    ),
    _kin(
        "train",
        2,
        f"{_GUST}; {_URW}",
        "fonts-texgyre fonts-urw-base35",
        "texgyreadventor",
        "URWGothic-",
    ),
    _kin(
        "train",
        2,
        f"{_OFL}; {_GUST}",
        "fonts-cmu fonts-lmodern",
        "cmunrm",
        "cmunbx",
        "cmunti",
        "lmroman10-",
        "lmroman12-",
    ),
    _kin(
        "train",
        2,
        f"{_OFL}; {_GUST}",
        "fonts-cmu fonts-lmodern",
        "cmunss",
        "cmunsx",
        "lmsans10-",
        "cmunbmr",
        "cmunbbx",
    ),
    _kin("train", 2, _OFL, "fonts-cmu", "cmuntt", "cmuntb"),
    _kin("train", 1, _OFL, "fonts-inter", "Inter-"),
    _kin("train", 2, _OFL, "fonts-manrope", "Manrope-"),
    _kin("train", 2, _OFL, "fonts-karla", "Karla-"),
    _kin("train", 2, _OFL, "fonts-oxygen", "Oxygen"),
    _kin("train", 2, _OFL, "fonts-dosis", "Dosis-"),
    _kin("train", 2, _OFL, "fonts-comic-neue", "ComicNeue-"),
    _kin("train", 2, _OFL, "fonts-sora", "Sora-"),
    _kin("train", 2, _OFL, "fonts-mplus", "Mplus1-", "Mplus2-", "Mplus1Code-"),
    _kin("train", 2, _OFL, "fonts-ebgaramond", "EBGaramond12-"),
    _kin("train", 2, _OFL, "fonts-oldstandard", "OldStandard-"),
    _kin("train", 2, _OFL, "fonts-sil-charis", "CharisSIL-"),
    _kin("train", 2, _OFL, "fonts-sil-andika", "Andika-"),
    _kin("train", 2, _OFL, "fonts-firacode", "FiraCode-"),
    _kin("train", 2, _OFL, "fonts-inconsolata", "Inconsolata."),
    _kin("train", 2, "MIT", "fonts-agave", "agave-"),
    _kin("train", 2, _OFL, "fonts-anonymous-pro", "Anonymous Pro"),
    _kin("train", 2, _OFL, "fonts-mononoki", "mononoki-"),
    _kin(
        "train",
        2,
        _OFL,
        "fonts-league-mono",
        "LeagueMono-Regular",
        "LeagueMono-Bold",
        "LeagueMono-Condensed.",
        "LeagueMono-NarrowRegular",
    ),
    _kin("train", 2, _OFL, "fonts-fantasque-sans", "FantasqueSansMono-"),
    _kin("train", 2, _GPL, "fonts-adf-gillius", "GilliusADF-"),
    _kin("train", 2, _GPL, "fonts-adf-libris", "LibrisADFStd-"),
    _kin("train", 2, _GPL, "fonts-adf-universalis", "UniversalisADFStd-"),
    _kin("train", 2, _GPL, "fonts-adf-verana", "Verana-", "VeranaSans-"),
    _kin("train", 2, _GPL, "fonts-adf-tribun", "TribunADFStd-"),
    _kin("train", 2, _GPL, "fonts-adf-baskervald", "BaskervaldADFStd-", "BaskervaldADFStd."),
    _kin("train", 3, _GPL, "fonts-adf-accanthis", "AccanthisADFStd-"),
    _kin("train", 3, _GPL, "fonts-adf-berenis", "BerenisADFPro-"),
    _kin("train", 3, _GPL, "fonts-adf-romande", "RomandeADFStd-"),
    _kin("train", 2, "Public domain", "fonts-tuffy", "Tuffy"),
    _kin(
        "train",
        2,
        "GPL-3.0-or-later WITH Font-exception-2.0",
        "fonts-tiresias",
        "tiresias_infofont",
        "tiresias_signfont",
        "tiresias_lpfont",
    ),
    _kin("train", 2, _OFL, "fonts-play", "Play-"),
    _kin("train", 2, _OFL, "fonts-quattrocento", "Quattrocento-"),
    _kin("train", 2, _OFL, "fonts-national-park", "NationalPark-Regular", "NationalPark-Heavy"),
    _kin("train", 2, "MIT", "fonts-roadgeek", "RG2014"),
    _kin("train", 2, _OFL, "fonts-routed-gothic", "routed-gothic."),
    _kin(
        "train", 3, _OFL, "fonts-averia-gwf fonts-averia-serif-gwf", "AveriaGWF-", "AveriaSerifGWF-"
    ),
    _kin("train", 3, _OFL, "fonts-comfortaa", "Comfortaa-"),
    _kin("train", 3, _OFL, "fonts-arapey", "Arapey-Regular."),
    _kin("train", 3, _OFL, "fonts-yrsa-rasa", "Yrsa-"),
    _kin("train", 3, _OFL, "fonts-yanone-kaffeesatz", "YanoneKaffeesatz-"),
    _kin("train", 3, _OFL, "fonts-junction", "Junction."),
    _kin("train", 3, "Public domain", "fonts-prociono", "Prociono."),
    _kin("train", 3, "GPL-2.0-only WITH Font-exception-2.0", "fonts-osifont", "osifont."),
    _kin("train", 3, _OFL, "fonts-opendin", "OSP-DIN."),
    _kin("train", 3, _OFL, "fonts-gnutypewriter", "GNUTypewriter."),
    _kin("train", 2, _GPL, "fonts-tlwg-kinnari-ttf", "Kinnari"),
    _kin("train", 2, _GPL, "fonts-tlwg-laksaman-ttf", "Laksaman"),
    _kin("valid", 0, _OFL, "fonts-cabin", "Cabin-"),
    _kin("valid", 0, "BSD-3-Clause", "fonts-go", "Go-Regular", "Go-Bold", "Go-Italic", "Go-Mono"),
    _kin("valid", 0, _OFL, "fonts-vollkorn", "Vollkorn-"),
    _kin("valid", 0, _OFL, "fonts-b612", "B612-", "B612Mono-"),
    _kin("valid", 0, _APACHE, "fonts-crosextra-caladea", "Caladea-"),
    _kin("test", 0, _OFL, "fonts-lato fonts-crosextra-carlito", "Lato-", "Carlito-"),
    _kin(
        "test",
        0,
        "ParaType Free Font License (OFL-like)",
        "fonts-paratype",
        "PTS",
        "PTF",
        "PTM",
        "PTC",
    ),
    _kin(
        "test",
        0,
        _OFL,
        "fonts-linuxlibertine",
        "LinLibertine_R",
        "LinLibertine_RB",
        "LinLibertine_RI",
        "LinBiolinum_R",
    ),
    _kin("test", 0, _OFL, "fonts-sil-gentium-basic", "GenBas", "GenBkBas"),
    _kin("test", 0, _OFL, "fonts-cantarell", "Cantarell-"),
    _kin("test", 0, _APACHE, "fonts-clear-sans", "ClearSans-"),
    _kin("test", 0, _APACHE, "fonts-jetbrains-mono", "JetBrainsMono-"),
)
