"""Writes the tree below argv[2] to the archive argv[1]; with argv[3] to a pipe that cannot seek."""
import io, os, sys, zipfile


class Pipe(io.RawIOBase):
    def __init__(self, path):
        self.file = open(path, "wb")

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)

    def close(self):
        self.file.close()
        super().close()


target = Pipe(sys.argv[1]) if len(sys.argv) > 3 else sys.argv[1]
with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
    os.chdir(sys.argv[2])
    for folder, folders, files in os.walk("."):
        for name in sorted(files) + [f for f in sorted(folders) if not os.listdir(os.path.join(folder, f))]:
            archive.write(os.path.join(folder, name))
if len(sys.argv) > 3:
    target.close()
