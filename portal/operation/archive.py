"""The file that a backup is: a tar with a manifest that knows the fingerprint of every part, and its own."""

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.sha256"


class Damaged(Exception):
    """The file is no backup, is cut off, or was altered. Nothing was restored from it."""


def write(path, about, parts, files):
    """One archive (0600), on disk when this returns. `about`: plain values; `parts` and `files`: name → path."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with (
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            fingerprints = {name: _add(tar, name, source) for name, source in {**parts, **files}.items()}
            manifest = json.dumps({"format": FORMAT, **about, "sha256": fingerprints}, indent=1).encode()
            _add_bytes(tar, MANIFEST, manifest)
            _add_bytes(tar, SEAL, hashlib.sha256(manifest).hexdigest().encode())
        raw.flush()
        os.fsync(raw.fileno())
    return path


def extract(path, folder):
    """Unpacks everything into `folder`, proves every fingerprint, and returns the manifest; else raises Damaged."""
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            found = {member.name: _extract_member(tar, member, folder) for member in tar}
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise Damaged(f"{path} cannot be read to its end: {error}. Take another backup.") from error
    return _proven(path, folder, found)


def _proven(path, folder, found):
    if MANIFEST not in found or SEAL not in found:
        raise Damaged(f"{path} is not a whole backup: its manifest is missing. Take another one.")
    if (folder / SEAL).read_text() != found.pop(MANIFEST):
        raise Damaged(f"{path} was altered: its manifest is not the one that was written. Take another backup.")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    del found[SEAL]
    if manifest.get("format") != FORMAT:
        raise Damaged(f"{path} was written by another version of the portal. Restore it with that version.")
    if found != manifest["sha256"]:
        parts = [name for name in {**found, **manifest["sha256"]} if found.get(name) != manifest["sha256"].get(name)]
        raise Damaged(
            f"{path} was altered: {', '.join(sorted(parts)[:3])} is not as it was written. Take another backup."
        )
    return manifest


def _add(tar, name, source):
    """Puts one file in and returns its fingerprint, of the very bytes that were put in."""
    with open(source, "rb") as file:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(file.fileno()).st_size
        info.mode = 0o600
        reader = _Reader(file, info.size)
        tar.addfile(info, reader)
    return reader.digest.hexdigest()


def _add_bytes(tar, name, content):
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


class _Reader:
    """Reads a file of a size that was said before, and fingerprints it on the way."""

    def __init__(self, file, size):
        self.file, self.left, self.digest = file, size, hashlib.sha256()

    def read(self, amount):
        chunk = self.file.read(min(amount, self.left))
        self.left -= len(chunk)
        self.digest.update(chunk)
        return chunk


def _extract_member(tar, member, folder):
    """Writes one plain file inside `folder`; anything that points out of it is damage."""
    target = folder / member.name
    if not member.isfile() or not target.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name} is not a plain file")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        shutil.copyfileobj(_Reader(tar.extractfile(member), member.size), out)
    with open(target, "rb") as written:
        while chunk := written.read(1024 * 1024):
            digest.update(chunk)
    return digest.hexdigest()
