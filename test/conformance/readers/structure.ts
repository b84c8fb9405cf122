import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { inspectArchive } from "../../support/inspect-archive.ts";
import type { ArchiveBytes } from "../../support/sparse-bytes.ts";
import { sha256 } from "../entry-facts.ts";
import { ALL_MODES, type Reader } from "./reader.ts";

/** Our own strict look at every record. It does not read data of gigabytes. */
export const structure: Reader = {
	name: "own structure check",
	tells: {
		modes: ALL_MODES,
		mtimes: { file: "extended", directory: "extended", symlink: "extended" },
		symlinks: true,
		comments: true,
		descriptors: true,
	},
	version: async () => "this repository",
	async check(archive, { hashing }) {
		const fd = openSync(archive, "r");
		try {
			const { entries, comment } = inspectArchive(bytesOf(fd), {
				data: hashing ? "check" : "skip",
				order: "any",
			});
			return {
				problems: [],
				comment: comment.toString("hex"),
				entries: entries.map(({ nameBytes, modified, unixSeconds, uncompressedSize, ...entry }) => ({
					name: nameBytes.toString("latin1"),
					kind: entry.kind,
					mode: entry.mode,
					mtime: unixSeconds ?? modified.getTime() / 1000,
					size: uncompressedSize,
					sha256: hashing ? sha256(entry.content) : undefined,
					descriptor: entry.descriptor,
					comment: Buffer.from(entry.comment).toString("hex"),
				})),
			};
		} catch (error) {
			return { problems: [String(error)] };
		} finally {
			closeSync(fd);
		}
	},
};

function bytesOf(fd: number): ArchiveBytes {
	const { size } = fstatSync(fd);
	return {
		size,
		read(offset, length) {
			const bytes = new Uint8Array(length);
			const count = readSync(fd, bytes, 0, length, offset);
			if (count < length) throw new RangeError(`the archive ends before byte ${offset + length}`);
			return bytes;
		},
	};
}
