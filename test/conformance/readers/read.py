"""Lists an archive with Python's zipfile, or extracts it; see listing.ts for what it prints."""

import calendar
import hashlib
import sys
import zipfile

archive, action = sys.argv[1:3]
with zipfile.ZipFile(archive) as zip_file:
    if action == "extract":
        zip_file.extractall(sys.argv[3])
        sys.exit()
    bad = zip_file.testzip() if action == "hash" else None
    if bad is not None:
        sys.exit(f"testzip: {bad!r} is broken")
    for entry in zip_file.infolist():
        digest = hashlib.sha256()
        size = 0
        with zip_file.open(entry) as data:
            while chunk := data.read(1 << 20):
                size += len(chunk)
                if action == "hash":
                    digest.update(chunk)
        utf8 = entry.flag_bits & 0x800
        mode = entry.external_attr >> 16
        print(
            "d" if entry.is_dir() else "f",
            f"{mode & 0o7777:o}",
            calendar.timegm(entry.date_time),
            size,
            digest.hexdigest() if action == "hash" else "-",
            entry.comment.hex(),
            entry.filename.encode("utf-8" if utf8 else "cp437").hex(),
            sep="\t",
        )
    print("comment", zip_file.comment.hex(), sep="\t")
