"""zipstream-ng or zipstream, whichever is installed; with boto3 for uploads: METHOD FOLDER TARGET"""

import io
import os
import sys
import zipfile

import zipstream


def archive(method, folder):
    compression = zipfile.ZIP_STORED if method == "store" else zipfile.ZIP_DEFLATED
    if hasattr(zipstream, "ZipStream"):  # zipstream-ng
        stream = zipstream.ZipStream(compress_type=compression, compress_level=6)
        stream.add_path(folder, "/")
        return stream
    stream = zipstream.ZipFile(mode="w", compression=compression, allowZip64=True)
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(directory, name)
            stream.write(path, os.path.relpath(path, folder))
    return stream


class Reader(io.RawIOBase):
    """The file that boto3 wants to read from."""

    def __init__(self, chunks):
        self.chunks, self.rest = iter(chunks), b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self.rest:
            self.rest = next(self.chunks, None)
            if self.rest is None:
                self.rest = b""
                return 0
        count = min(len(buffer), len(self.rest))
        buffer[:count], self.rest = self.rest[:count], self.rest[count:]
        return count


method, folder, target = sys.argv[1:]
if target == "-":
    for chunk in archive(method, folder):
        sys.stdout.buffer.write(chunk)
else:
    import boto3

    bucket, key = target.split("/")
    body = io.BufferedReader(Reader(archive(method, folder)), 1024 * 1024)
    boto3.client("s3").upload_fileobj(body, bucket, key)
