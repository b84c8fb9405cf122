// Lists an archive with Go's archive/zip; see listing.ts for what it prints.
package main

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
)

func main() {
	if err := list(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func list(archive, action string) error {
	reader, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer reader.Close()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, entry := range reader.File {
		digest := sha256.New()
		size, err := read(entry, digest, action)
		if err != nil {
			return fmt.Errorf("%q: %w", entry.Name, err)
		}
		sum := "-"
		if action == "hash" {
			sum = fmt.Sprintf("%x", digest.Sum(nil))
		}
		fmt.Fprintf(out, "%s\t%o\t%d\t%d\t%s\t%x\t%x\n",
			kind(entry.Mode()), mode(entry.Mode()), entry.Modified.Unix(), size, sum, entry.Comment, entry.Name)
	}
	fmt.Fprintf(out, "comment\t%x\n", reader.Comment)
	return nil
}

func read(entry *zip.File, digest hash.Hash, action string) (int64, error) {
	data, err := entry.Open()
	if err != nil {
		return 0, err
	}
	defer data.Close()
	if action == "hash" {
		return io.Copy(digest, data)
	}
	return io.Copy(io.Discard, data)
}

func kind(mode fs.FileMode) string {
	switch mode.Type() {
	case fs.ModeDir:
		return "d"
	case fs.ModeSymlink:
		return "l"
	}
	return "f"
}

func mode(mode fs.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for flag, bit := range map[fs.FileMode]uint32{
		fs.ModeSetuid: 0o4000, fs.ModeSetgid: 0o2000, fs.ModeSticky: 0o1000,
	} {
		if mode&flag != 0 {
			bits |= bit
		}
	}
	return bits
}
