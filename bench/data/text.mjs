import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const EXTENSIONS = /\.(c|m?js|css|csv|h|html?|json|md|pm|pl|po|py|rst|sh|sql|tex|ts|txt|xml|ya?ml)$/;
/** One large file must not decide what the text is like. */
const LARGEST_FILE = 2_000_000;

/** Where there is text on a machine that can run this, best first. */
function textDirectories() {
	const bench = dirname(dirname(fileURLToPath(import.meta.url)));
	const node = dirname(dirname(process.execPath));
	return [
		join(bench, "node_modules"),
		join(bench, "..", "node_modules"),
		join(node, "include"),
		join(node, "lib", "node_modules"),
		"/usr/lib/python3",
		"/usr/share",
	];
}

/**
 * Yields the contents of text files, always in the same order, until there are `size` bytes. The places take
 * turns: a folder full of files that resemble one another must not decide what the text is like either.
 */
export function* realText(size) {
	const seen = new Set();
	let places = textDirectories().map((directory) => textFiles(directory, seen));
	for (let left = size; places.length > 0; ) {
		const turn = places.map((place) => place.next());
		places = places.filter((_, index) => !turn[index].done);
		for (const { value: path } of turn) {
			const bytes = path === undefined ? NOTHING : readIfPossible(path).subarray(0, left);
			yield bytes;
			left -= bytes.byteLength;
		}
		if (left === 0) return;
	}
}

const NOTHING = Buffer.alloc(0);

function readIfPossible(path) {
	try {
		return readFileSync(path);
	} catch {
		return NOTHING; // gone, or not ours to read: the next one will do
	}
}

function* textFiles(directory, seen) {
	let entries;
	try {
		entries = readdirSync(directory, { withFileTypes: true });
	} catch {
		return; // not on this machine
	}
	entries.sort((a, b) => (a.name < b.name ? -1 : 1));
	for (const entry of entries) {
		const path = join(directory, entry.name);
		if (entry.isDirectory()) yield* textFiles(path, seen);
		else if (entry.isFile() && EXTENSIONS.test(entry.name)) {
			const { size, ino } = statSync(path);
			if (size === 0 || size > LARGEST_FILE || seen.has(ino)) continue;
			seen.add(ino);
			yield path;
		}
	}
}
