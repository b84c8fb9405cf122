import { join } from "node:path";
import { writeChunks, writeNew } from "./files.mjs";
import { randomBytes, seededRandom } from "./random.mjs";

const MB = 1_000_000;

/** The photos of a camera, a folder for each day, each with a small file of what a program knows about it. */
export function makePhotos(folder, { count, seed }) {
	const random = seededRandom(seed);
	for (let index = 0; index < Math.max(2, count); index++) {
		const day = String(1 + Math.floor(index / 8)).padStart(2, "0");
		const taken = new Date(Date.UTC(2026, 5, Number(day), 10, index % 60));
		const path = join(folder, `2026-06-${day}`, `IMG_${4_000 + index}`);
		writeChunks(`${path}.jpg`, photo(Math.round((2 + random() * 4) * MB), taken, seed * 1_000 + index));
		writeNew(`${path}.xmp`, sidecar(taken, index, random));
	}
}

/** Yields what a file of a camera begins with, and then what nobody can compress, as in a JPEG. */
function* photo(size, taken, seed) {
	const head = Buffer.concat([
		marker(0xd8),
		segment(0xe1, exif(taken, seed)),
		segment(0xdb, Buffer.alloc(132, 3)), // quantisation
		segment(0xc4, Buffer.from(Array.from({ length: 416 }, (_, index) => index % 251))), // Huffman codes
		segment(0xda, Buffer.from([3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0])),
	]);
	yield head;
	for (const bytes of randomBytes(size - head.byteLength - 2, seed)) {
		// In the data of an image, 0xFF is followed by 0: a marker looks different.
		for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
			if (at + 1 < bytes.byteLength) bytes[at + 1] = 0;
			else bytes[at] = 0;
		}
		yield bytes;
	}
	yield marker(0xd9);
}

/** Camera and time as text, room that the maker left empty, and the small picture that is shown in lists. */
function exif(taken, seed) {
	const time = taken.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
	const text = `Exif\0\0II*\0\b\0\0\0Example Camera\0Model 5\0${time}\0f/2.8 1/250 ISO 200\0`;
	return Buffer.concat([
		Buffer.from(text.padEnd(4_096, "\0"), "latin1"),
		...randomBytes(8_192, seed + 500_000),
	]);
}

const marker = (code) => Buffer.from([0xff, code]);

function segment(code, bytes) {
	const size = Buffer.alloc(2);
	size.writeUInt16BE(bytes.byteLength + 2);
	return Buffer.concat([marker(code), size, bytes]);
}

function sidecar(taken, index, random) {
	const steps = Array.from({ length: 12 }, (_, step) => {
		const value = (random() * 2 - 1).toFixed(4);
		return `   <rdf:li crs:step="${step}" crs:operation="exposure" crs:value="${value}" crs:enabled="1"/>\n`;
	});
	return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmp:CreateDate="${taken.toISOString()}" xmp:Rating="${index % 6}">
  <rdf:Seq>
${steps.join("")}  </rdf:Seq>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;
}
