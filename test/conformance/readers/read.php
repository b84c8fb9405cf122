<?php
// Lists an archive with ZipArchive (libzip), consistency checks on; see listing.ts for what it prints.

[, $archive, $action] = $argv;
set_error_handler(function (int $level, string $message): never {
    fwrite(STDERR, "$message\n");
    exit(1);
});

$zip = new ZipArchive();
$opened = $zip->open($archive, ZipArchive::RDONLY | ZipArchive::CHECKCONS);
if ($opened !== true) {
    fwrite(STDERR, "open failed: ZipArchive error $opened\n");
    exit(1);
}
for ($index = 0; $index < $zip->numFiles; $index++) {
    $entry = $zip->statIndex($index, ZipArchive::FL_ENC_RAW);
    $system = 0;
    $attributes = 0;
    $zip->getExternalAttributesIndex($index, $system, $attributes);
    $mode = $attributes >> 16;
    $kind = match ($mode >> 12) { 012 => "l", 04 => "d", default => "f" };
    $hash = hash_init("sha256");
    $size = 0;
    if ($kind !== "d") {
        $stream = $zip->getStreamIndex($index);
        if ($stream === false) {
            fwrite(STDERR, "entry $index: " . $zip->getStatusString() . "\n");
            exit(1);
        }
        while (!feof($stream)) {
            $chunk = fread($stream, 1 << 20);
            $size += strlen($chunk);
            if ($action === "hash") hash_update($hash, $chunk);
        }
        fclose($stream);
        if ($zip->status !== ZipArchive::ER_OK) {
            fwrite(STDERR, "entry $index: " . $zip->getStatusString() . "\n");
            exit(1);
        }
    }
    echo implode("\t", [
        $kind,
        decoct($mode & 07777),
        $entry["mtime"],
        $size,
        $action === "hash" ? hash_final($hash) : "-",
        bin2hex($zip->getCommentIndex($index, ZipArchive::FL_ENC_RAW)),
        bin2hex($entry["name"]),
    ]), "\n";
}
echo "comment\t", bin2hex($zip->getArchiveComment(ZipArchive::FL_ENC_RAW)), "\n";
