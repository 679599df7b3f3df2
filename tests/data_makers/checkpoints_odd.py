"""Spoils a whole checkpoint folder in one way a seed chooses: weights, index, json files, places.

The folder may be of any layout; `spoil` changes a copy whose files are links to the originals, so
every change replaces a file and never writes into one.
"""

from __future__ import annotations

import json
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_makers import odd_places

Random = random.Random
Json = dict[str, Any]

INDEX = "model.safetensors.index.json"
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064x\nsize 4997504848\n" % 7
WEB_PAGE = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Sorry</body></html>\n"


def copy_of(base: Path, folder: Path) -> Path:
    """A folder of links to the files of `base`, its folders made anew."""
    folder.mkdir(parents=True)
    for place, folders, names in os.walk(base):
        here = folder / Path(place).relative_to(base)
        for name in folders:
            (here / name).mkdir()
        for name in names:
            os.link(Path(place, name), here / name)
    return folder


def replace_file(path: Path, data: bytes) -> None:
    """Put a new file at `path`; what was linked there stays as it was elsewhere."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def split(data: bytes) -> tuple[Json, bytes]:
    """The header of a safetensors file, and what follows it."""
    (length,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def join(header: bytes | Json, values: bytes, length: int | None = None) -> bytes:
    """A safetensors file; `length` is what its first bytes claim instead of the truth."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + values


# ---- one weight file -------------------------------------------------------------------------


def _entry(random_: Random, header: Json) -> Json:
    entry: Json = header[random_.choice([name for name in header if name != "__metadata__"])]
    return entry


def _odd_offsets(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    entry = _entry(random_, header)
    start, stop = entry["data_offsets"]
    entry["data_offsets"] = random_.choice((
        [start + 1, stop + 1], [start - 1, stop - 1], [start + 8, stop], [stop, start],
        [start, stop + 2**40], [-stop, -start], [2**63, 2**63 + stop - start], [10**300, 10**301],
        [start], [start, stop, stop], [], None, "0,4", {"0": 0}, [None, None], [True, 2],
        [float(start), float(stop)], [0.5, 4.5], [[start], [stop]], [0, 0], [str(start), str(stop)],
    ))  # fmt: skip
    return join(header, values)


def _odd_shape(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    entry = _entry(random_, header)
    shape = entry["shape"]
    entry["shape"] = random_.choice((
        shape[::-1], [*shape, 1], [1, *shape], [-n for n in shape], [0], [], [2**62, 2**62],
        [10**4000], [1] * 100_000, None, "2x3", [str(n) for n in shape], [float(n) for n in shape],
        [shape], {"rows": 3}, [True] * len(shape), [None], [n + 1 for n in shape], 12,
    ))  # fmt: skip
    return join(header, values)


def _odd_type(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    entry = _entry(random_, header)
    entry["dtype"] = random_.choice(
        ("f32", "F16", "I32", "U32", "BOOL", "F8_E4M3", "F4", "", None, 5, ["F32"], "C64", "\0", {})
    )
    if random_.random() < 0.2:
        for other in header.values():
            other["dtype"] = entry["dtype"]
    return join(header, values)


def _odd_names(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    old = random_.choice([name for name in header if name != "__metadata__"])
    new = random_.choice((
        "", " ", "../x", "\0", "\ud800", "x" * 100_000, "__metadata__", "ü", "\x1b[2J", "a\nb",
        old.upper(), old + ".weight", "model.layers.999999999999.mlp.down_proj.weight",
        "lm_head.weight",
        old + ".lora_A.evil.weight", "model.layers.0.mlp.down_proj.lora_B.vision.weight",
    ))  # fmt: skip
    return _joined([(new if name == old else name, header[name]) for name in header], values)


def _named_twice(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    pairs = list(header.items())
    pairs.insert(random_.randrange(len(pairs)), random_.choice(pairs))
    return _joined(pairs, values)


def _joined(pairs: list[tuple[str, Any]], values: bytes) -> bytes:
    """A file whose header holds `pairs`, which may name a tensor twice."""
    text = ",".join(f"{json.dumps(name)}:{json.dumps(entry)}" for name, entry in pairs)
    return join(f"{{{text}}}".encode(), values)


def _missing_or_more(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    if random_.random() < 0.5:
        header.pop(random_.choice(list(header)))
        return join(header, values)
    end = len(values)
    header["one.more"] = {"dtype": "F32", "shape": [1], "data_offsets": [end, end + 4]}
    return join(header, values + random_.choice((b"\0\0\0\0", b"")))


def _odd_header(random_: Random, data: bytes) -> bytes:
    header, values = split(data)
    text = json.dumps(header).encode()
    deep = random_.choice((50, 2_000, 1_000_000))
    return random_.choice((
        join(text, values, length=0),
        join(text, values, length=len(text) + 1),
        join(text, values, length=len(text) - 1),
        join(text, values, length=2**63),
        join(text, values, length=2**64 - 1),
        join(text, values, length=len(data)),
        join(text + b" " * 100, values),
        join(b"\xef\xbb\xbf" + text, values),
        join(text.decode().encode("utf-16"), values),
        join(b"{}", b""),
        join(b"{}", values),
        join(b"[]", values),
        join(b"null", values),
        join(b"NaN", values),
        join(b"9" * 10_000, values),
        join(b'{"a":' * deep + b"1" + b"}" * deep, values),
        join(b"[" * deep + b"]" * deep, values),
        join(text.replace(b'"shape"', b'"Shape"', 1), values),
        join(text[:-1] + b',"a":NaN}', values),
        join(text[:-1] + b',"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}}', values),
        join(text[:-1] + b',"__metadata__":[1,2]}', values),
        join(text[:-1] + b',"__metadata__":{"format":{"a":[]}}}', values),
        join(b"{" + b"\xff\xfe" + text[1:], values),
        join(text.replace(b"{", b"{ \n\t", 3), values),
        join(b"{" + b",".join(b'"t%d":[]' % n for n in range(200_000)) + b"}", values),
    ))  # fmt: skip


def _other_content(random_: Random, data: bytes) -> bytes:
    refused = json.dumps({"error": "Unauthorized"}).encode()
    return random_.choice((
        b"", LFS_POINTER, WEB_PAGE, b"\n\n  " + WEB_PAGE, b"PK\x03\x04" + data[4:], refused,
        b"\x80\x02cos\n", b"GGUF\x03\0\0\0" + data, b"{}", bytes(len(data)), data * 2, data[8:],
        random_.randbytes(3000), data[::-1], b"\x7fELF" + data,
    ))  # fmt: skip


def _truncated(random_: Random, data: bytes) -> bytes:
    return data[
        : random_.choice((random_.randrange(len(data)), random_.randrange(16), len(data) - 1))
    ]


def _tail(random_: Random, data: bytes) -> bytes:
    return data + bytes(random_.choice((1, 3, 8, 5000)))


def _not_finite(random_: Random, data: bytes) -> bytes:
    """Infinities and what is no number among the values: headers do not tell."""
    header, values = split(data)
    spoilt = bytearray(values)
    for _ in range(random_.choice((1, 5))):
        start, stop = _entry(random_, header)["data_offsets"]
        at = start + random_.randrange(max(1, (stop - start) // 4)) * 4
        spoilt[at : at + 4] = random_.choice(
            (b"\x00\x00\xc0\x7f", b"\xff\xff\xff\xff", b"\0\0\x80\x7f")
        )
    return join(header, bytes(spoilt[: len(values)]))


def _bits(random_: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    (length,) = struct.unpack("<Q", data[:8])
    for _ in range(random_.choice((1, 3, 40))):
        reach = 8 + length if random_.random() < 0.8 else len(data)
        spoilt[random_.randrange(reach)] ^= 1 << random_.randrange(8)
    return bytes(spoilt)


WEIGHT_MAKERS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _odd_offsets, _odd_offsets, _odd_shape, _odd_shape, _odd_type, _odd_names, _named_twice,
    _missing_or_more, _odd_header, _odd_header, _odd_header, _other_content, _truncated, _truncated,
    _tail, _not_finite, _bits, _bits,
)  # fmt: skip


def odd_weights(random_: Random, data: bytes) -> bytes:
    """The safetensors file `data`, spoiled in one way."""
    return random_.choice(WEIGHT_MAKERS)(random_, data)


# ---- the folder ------------------------------------------------------------------------------


def _weight_file(random_: Random, folder: Path) -> Path:
    return random_.choice(sorted(folder.rglob("*.safetensors")))


def _spoil_weights(random_: Random, folder: Path) -> None:
    path = _weight_file(random_, folder)
    replace_file(path, odd_weights(random_, path.read_bytes()))


def _swap_weights(random_: Random, folder: Path) -> None:
    """One weight file in place of another, or once more under another number."""
    one, other = _weight_file(random_, folder), _weight_file(random_, folder)
    data = one.read_bytes()
    number = random_.choice(("-00001-of-00009", "-99999-of-99999", "-00000-of-00000", ""))
    name = random_.choice((other.name, f"model{number}.safetensors"))
    replace_file(folder / name, data)


def _lose_file(random_: Random, folder: Path) -> None:
    random_.choice(sorted(p for p in folder.rglob("*") if p.is_file())).unlink()


def _odd_place(random_: Random, folder: Path) -> None:
    """Something that is no file where one is expected; folders too may turn into one."""
    path = random_.choice(sorted(p for p in folder.rglob("*") if p.is_file()))
    odd_places.place(random_.choice(sorted(odd_places.KINDS)), path)


def vast(random_: Random, folder: Path) -> None:
    """A file of a terabyte that takes no room on the disk."""
    path = random_.choice(sorted(p for p in folder.rglob("*") if p.is_file()))
    replace_file(path, path.read_bytes())
    os.truncate(path, random_.choice((70 * 2**20, 5 * 2**30, 2**40)))


def _locked_folder(random_: Random, folder: Path) -> None:
    """A folder that may not be listed, not be entered, or neither."""
    inside = [p for p in folder.rglob("*") if p.is_dir()]
    random_.choice([folder, *inside]).chmod(random_.choice((0, 0o100, 0o400)))


# What an index may name to lead a reader out of the folder, and whatever else is no plain name.
ESCAPES = (
    "../{outside}", "{absolute}", "./{name}", "sub/../../{outside}", "..\\{name}",
    "\\\\host\\share", "", ".", "..", "/", "~/{name}", "file://{absolute}",
    "http://127.0.0.1:9/{name}", "C:{name}", "{name}\0", "\0", "sub/{name}", "{name}/", "{name}/.",
)  # fmt: skip


def index_leading_out(random_: Random, folder: Path, outside: Path) -> None:
    """An index whose entries name `outside`, a whole weight file next to the folder."""
    name = random_.choice(sorted(p.name for p in folder.glob("*.safetensors")))
    escape = random_.choice(ESCAPES)
    told = escape.format(outside=outside.name, absolute=outside.resolve(), name=name)
    places = _index_of(folder)
    chosen = set(random_.sample(sorted(places), random_.choice((1, len(places)))))
    _write_json(
        folder / INDEX, {"weight_map": {k: told if k in chosen else v for k, v in places.items()}}
    )


def _index_of(folder: Path) -> dict[str, str]:
    return {
        name: path.name
        for path in sorted(folder.glob("*.safetensors"))
        for name in split(path.read_bytes())[0]
        if name != "__metadata__"
    }


def _odd_index(random_: Random, folder: Path) -> None:
    places: dict[str, Any] = dict(_index_of(folder))
    some = random_.choice(sorted(places))
    files = sorted(set(places.values()))
    whole: Any = {"weight_map": places}
    match random_.randrange(12):
        case 0:
            places.pop(some)
        case 1:
            places["one.more"] = files[0]
        case 2:
            places[some] = random_.choice((None, 5, [files[0]], {"file": files[0]}, True, 1.5))
        case 3:
            places[some] = random_.choice(
                ("x" * 300 + ".safetensors", "\ud800.safetensors", "no.safetensors", "a.bin",
                 "config.json", "\x1b[2J.safetensors", "a\nb.safetensors", "\0.safetensors")
            )  # fmt: skip
        case 4:
            whole = random_.choice((None, [], {}, "x", 3, {"weight_map": None}, {"weight_map": {}}))
        case 5:
            whole = {"weight_map": list(places.items())}
        case 6:
            whole = {"weight_map": dict.fromkeys(places, files[0])}
        case 7:
            replace_file(
                folder / INDEX, random_.choice((b"", b"{", LFS_POINTER, WEB_PAGE, b"\xff"))
            )
            return
        case 8:
            deep = random_.choice((100, 100_000))
            replace_file(folder / INDEX, b'{"weight_map":' + b"[" * deep + b"]" * deep + b"}")
            return
        case 9:
            whole["metadata"] = {"total_size": random_.choice((-1, 10**400, "x", None))}
        case 10:
            places.update({f"t{n}": f"{n}.safetensors" for n in range(20_000)})
        case _:
            for name in places:
                places[name] = random_.choice(files)
    _write_json(folder / INDEX, whole)


def odd_json(random_: Random, folder: Path) -> None:
    """A json file of other content altogether; `spoiled_json` looks after single values."""
    path = random_.choice(sorted(folder.rglob("*.json")))
    data = path.read_bytes()
    deep = random_.choice((100, 3_000, 500_000))
    replace_file(path, random_.choice((
        b"", b" ", b"{", b"[]", b"{}", b"null", b"NaN", b'"x"', b"\xff\xfe{}",
        b"\xef\xbb\xbf" + data, data.decode().encode("utf-16"), LFS_POINTER, WEB_PAGE,
        data[: random_.randrange(len(data))], data + b"}", data + data,
        b"[" * deep + b"]" * deep, b'{"a":' * deep + b"1" + b"}" * deep,
        data[:-1] + b',"a":' + b"9" * 5000 + b"}", data.replace(b":", b"=", 3), bytes(500),
        b"/* a remark */" + data, data.replace(b"1", b"1e999"), data.replace(b"0", b"NaN", 5),
    )))  # fmt: skip


def one_line_changed(random_: Random, folder: Path) -> None:
    """A value at the top of config.json, taken to where sizes and counts explode."""
    path = folder / "config.json"
    config = json.loads(path.read_bytes())
    key = random_.choice([k for k, v in config.items() if isinstance(v, int | list)])
    config[key] = random_.choice(
        (0, -1, 1, 10**5, 10**6, 10**9, 2**31, 2**63, 10**30, 1.5, None, "8", [], True, {}, 1e300)
    )
    _write_json(path, config)


FOLDER_MAKERS: tuple[Callable[[Random, Path], None], ...] = (
    _spoil_weights, _spoil_weights, _spoil_weights, _spoil_weights, _swap_weights, _lose_file,
    _odd_place, vast, _locked_folder, _odd_index, _odd_index, odd_json, one_line_changed,
)  # fmt: skip


def spoil(random_: Random, folder: Path) -> str:
    """Change `folder`, a `copy_of` a checkpoint, in one way; the way's name."""
    maker = random_.choice(FOLDER_MAKERS)
    maker(random_, folder)
    return maker.__name__.strip("_")


def _write_json(path: Path, value: Any) -> None:
    replace_file(path, json.dumps(value).encode())
