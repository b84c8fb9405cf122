/**
 * What the directories take when an archive of many entries is the base of another one: reading what can be copied, and giving the new
 * directory in an order of its own. `node --expose-gc bench/rolling/directory.mjs [COUNT]`, after `npm run build`.
 */

import { readCopyable } from "../../dist/compose/copyable/read-copyable.js";
import { FoundOrder } from "../../dist/compose/placement.js";
import { ArchiveReader } from "../../dist/reader/archive-reader.js";
import { CentralDirectory } from "../../dist/zip/directory/central-directory.js";
import { headersOf } from "../../dist/zip/directory/slice.js";
import { localFileHeaderLength } from "../../dist/zip/format/record-lengths.js";
import { centralDirectoryHeader, endOfCentralDirectory } from "../../dist/zip/format/records.js";

const MiB = 1024 ** 2;
const TAIL_SIZE = 128 * 1024;
const SIZE = 1000;
const count = Number(process.argv[2] ?? 1_000_000);
const gc = globalThis.gc ?? (() => {});

const reader = archiveOf(count);
const directoryMib = (reader.end.directoryEnd - reader.end.directoryStart) / MiB;
console.log(`${count} entries, a directory of ${directoryMib.toFixed(0)} MiB`);
const entries = await measured("read what can be copied", () => readCopyable(reader));
const directory = new CentralDirectory();
const order = new FoundOrder(count);
await measured("lay it out again", () => {
	const run = { from: 0, to: count, start: 0, end: entries.size };
	let index = 0;
	for (const header of headersOf(entries.directoryOf(run))) {
		directory.append(header, 0);
		order.add(FoundOrder.ofCopied(index++));
	}
	// As if every second one had come first.
	for (let number = 0; number < count; number++)
		order.tell(number, number % 2 === 0 ? number / 2 : Math.ceil(count / 2) + (number - 1) / 2);
});
const places = await measured("put it into its order", () => order.order());
await measured("give it in that order", () => {
	let size = 0;
	for (const page of directory.pages({ reusable: true }, places)) size += page.byteLength;
	if (size !== directory.size) throw new Error(`${size} bytes came of ${directory.size}`);
});

/** Tells how long it took, and what memory it left and took on the way. */
async function measured(what, work) {
	gc();
	const before = process.memoryUsage();
	const started = performance.now();
	const result = await work();
	const seconds = (performance.now() - started) / 1000;
	const peak = process.resourceUsage().maxRSS / 1024;
	gc();
	const after = process.memoryUsage();
	const kept = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / MiB;
	const each = (kept * MiB) / count;
	console.log(
		`${what}: ${seconds.toFixed(2)} s, keeps ${kept.toFixed(0)} MiB (${each.toFixed(0)} bytes an entry), peak of the process ${peak.toFixed(0)} MiB`,
	);
	return result;
}

/** An archive of which only the directory is there. */
function archiveOf(entryCount) {
	const headers = [];
	let offset = 0;
	for (let index = 0; index < entryCount; index++) {
		const name = Buffer.from(`directory-${Math.floor(index / 100)}/file-${index}.txt`);
		const facts = { name, utf8: false, method: 0, mtimeMs: 1e12, dataDescriptor: false, zip64: false };
		const totals = { crc32: index, compressedSize: SIZE, uncompressedSize: SIZE };
		const details = { unixMode: 0o100644, directory: false, comment: Buffer.of(), offset };
		headers.push(centralDirectoryHeader(facts, totals, details));
		offset += localFileHeaderLength(name.byteLength, facts) + SIZE;
	}
	const bytes = Buffer.concat(headers);
	const totals = { entryCount, size: bytes.byteLength, offset };
	const end = Buffer.concat([bytes, endOfCentralDirectory(totals, Buffer.of())]);
	const source = {
		location: "virtual.zip",
		size: offset + end.byteLength,
		identity: { type: "s3", etag: "etag", versionId: undefined },
		async *read(from, to) {
			for (let at = from; at < to; at += MiB)
				yield end.subarray(at - offset, Math.min(at + MiB, to) - offset);
		},
		storedHashes: async () => undefined,
		close: async () => {},
	};
	return new ArchiveReader({ source, tail: end.subarray(Math.max(0, end.byteLength - TAIL_SIZE)) });
}
