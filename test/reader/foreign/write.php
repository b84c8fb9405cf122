<?php
// Writes the tree below argv[2] to the archive argv[1].
$archive = new ZipArchive();
$archive->open($argv[1], ZipArchive::CREATE);
chdir($argv[2]);
$tree = new RecursiveIteratorIterator(
    new RecursiveDirectoryIterator(".", FilesystemIterator::SKIP_DOTS),
    RecursiveIteratorIterator::SELF_FIRST,
);
foreach ($tree as $path => $item) {
    $name = substr($path, 2);
    if ($item->isDir()) $archive->addEmptyDir($name);
    else $archive->addFile($path, $name);
}
$archive->close();
