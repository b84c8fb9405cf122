// Writes the tree below args[2] to the archive args[1].
package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
)

func main() {
	file, err := os.Create(os.Args[1])
	check(err)
	archive := zip.NewWriter(file)
	root := os.Args[2]
	check(filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		check(err)
		if path == root || info.Mode()&os.ModeSymlink != 0 {
			return nil
		}
		header, err := zip.FileInfoHeader(info)
		check(err)
		header.Name, err = filepath.Rel(root, path)
		check(err)
		header.Method = zip.Deflate
		if info.IsDir() {
			header.Name += "/"
			header.Method = zip.Store
		}
		entry, err := archive.CreateHeader(header)
		check(err)
		if info.IsDir() {
			return nil
		}
		source, err := os.Open(path)
		check(err)
		defer source.Close()
		_, err = io.Copy(entry, source)
		return err
	}))
	check(archive.Close())
	check(file.Close())
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
