// Go's archive/zip: METHOD FOLDER, archive to stdout.
package main

import (
	"archive/zip"
	"bufio"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
)

func main() {
	method, folder := zip.Deflate, os.Args[2]
	if os.Args[1] == "store" {
		method = zip.Store
	}
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	archive := zip.NewWriter(output)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		target, err := archive.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(name), Method: method})
		if err != nil {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = io.Copy(target, file)
		return err
	})
	if err == nil {
		err = archive.Close()
	}
	if err == nil {
		err = output.Flush()
	}
	if err != nil {
		log.Fatal(err)
	}
}
