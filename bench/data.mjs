import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { randomBytes, seededRandom } from "./random.mjs";
import { generatedLog, realText } from "./text.mjs";

const MB = 1_000_000;
const TEXT_SIZE = 330 * MB;
const RANDOM_SIZE = 2 * 1024 ** 3;
const MIXED_SIZE = 400 * MB;
/** Of 330 MB of text, this much is looked for on the machine; the rest, and what is missing, are logs. */
const REAL_SHARE = 0.75;

/** Everything that is compared is made of these; `make` gets an empty folder and the scale. */
export const DATA_SETS = {
	text: {
		title: "330 MB of text in one file",
		make: (folder, scale) => writeChunks(join(folder, "text.txt"), text(TEXT_SIZE * scale)),
	},
	"small-20k": {
		title: "20,000 files of 2.5 KB",
		make: (folder, scale) => makeSmallFiles(folder, 20_000 * scale, 3, textOf(scale)),
	},
	"small-100k": {
		title: "100,000 files of 2.5 KB",
		make: (folder, scale) => makeSmallFiles(folder, 100_000 * scale, 4, textOf(scale)),
	},
	"tree-10k": {
		title: "10,000 files of 2.5 KB and 60 of 1 MB",
		make: (folder, scale) => makeProject(folder, scale, textOf(scale)),
	},
	"objects-10k": {
		title: "10,000 objects of 20 KiB that nobody can compress",
		make: (folder, scale) => makeEqualFiles(folder, 10_000 * scale, 20 * 1024, "photo"),
	},
	films: {
		title: "2 GiB in files of 20 MiB that nobody can compress",
		make: (folder, scale) => makeEqualFiles(folder, 102 * scale, 20 * 1024 ** 2, "film"),
	},
	random: {
		title: "2 GiB of random bytes in one file",
		make: (folder, scale) => writeChunks(join(folder, "random.bin"), randomBytes(RANDOM_SIZE * scale, 5)),
	},
	mixed: {
		title: "400 MB: 60 % incompressible, 28 % text, 12 % small files",
		make: (folder, scale) => makeMixedTree(folder, scale, textOf(scale)),
	},
};

/**
 * The folder of a data set, outside of the repository; made by the first who asks.
 *
 * @param scale - 1 for the sizes in the titles; 0.02 makes everything 50 times smaller.
 */
export function dataFolder(name, scale = 1) {
	const folder = join(tmpdir(), "zipferry-bench", `scale-${scale}`, name);
	if (existsSync(folder)) return folder;
	const unfinished = `${folder}.unfinished`;
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	DATA_SETS[name].make(unfinished, scale);
	renameSync(unfinished, folder);
	return folder;
}

/** Yields real text as far as there is some, then a log. */
export function* text(size) {
	const whole = Math.round(size);
	let made = 0;
	for (const bytes of realText(Math.round(whole * REAL_SHARE))) {
		made += bytes.byteLength;
		yield bytes;
	}
	yield* generatedLog(whole - made, 1);
}

/** Cuts pieces out of the text of the same scale: `(size, random)` to bytes. */
function textOf(scale) {
	const path = join(dataFolder("text", scale), "text.txt");
	const { size: available } = statSync(path);
	return (size, random) => {
		const bytes = Buffer.alloc(Math.min(size, available));
		const file = openSync(path);
		readSync(file, bytes, 0, bytes.byteLength, Math.floor(random() * (available - bytes.byteLength)));
		closeSync(file);
		return bytes;
	};
}

/** 100 files a folder, 10 folders in each folder above. */
function makeSmallFiles(folder, count, seed, piece) {
	const random = seededRandom(seed);
	for (let index = 0; index < count; index++) {
		const group = String(Math.floor(index / 100)).padStart(4, "0");
		const path = join(folder, `group-${group.slice(0, 3)}`, `set-${group}`, `record-${index}.txt`);
		writeNew(path, piece(Math.round(500 + random() * 4_000), random));
	}
}

/** A project with its photos: what `--method auto` is for. */
function makeMixedTree(folder, scale, piece) {
	const random = seededRandom(6);
	const total = MIXED_SIZE * scale;
	let seed = 100;
	for (let made = 0; made < total * 0.6; ) {
		const size = Math.round(random() < 0.1 ? 12 * MB : (0.2 + random() * 3) * MB);
		writeChunks(
			join(folder, "photos", `2026-${(seed % 12) + 1}`, `photo-${seed}.jpg`),
			randomBytes(size, seed),
		);
		made += size;
		seed += 1;
	}
	for (let made = 0; made < total * 0.28; ) {
		const bytes = piece(Math.round((0.02 + random() ** 3 * 5) * MB), random);
		writeNew(join(folder, "documents", `chapter-${seed % 20}`, `document-${seed}.txt`), bytes);
		made += bytes.byteLength;
		seed += 1;
	}
	makeSmallFiles(join(folder, "notes"), (total * 0.12) / 2_500, 7, piece);
}

/** What is restored: many small files, and some that nobody can compress. */
function makeProject(folder, scale, piece) {
	makeSmallFiles(join(folder, "notes"), 10_000 * scale, 8, piece);
	for (let index = 0; index < 60 * scale; index++)
		writeChunks(join(folder, "photos", `photo-${index}.jpg`), randomBytes(MB, 200 + index));
}

/** At least one, 100 a folder. */
function makeEqualFiles(folder, count, size, name) {
	for (let index = 0; index < Math.max(1, count); index++) {
		const group = `set-${String(Math.floor(index / 100)).padStart(3, "0")}`;
		writeChunks(join(folder, group, `${name}-${index}.jpg`), randomBytes(size, 1_000 + index));
	}
}

function writeNew(path, bytes) {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, bytes);
}

/** Reads all files of a data set, so that the system has them at hand. */
export function readThrough(folder) {
	const buffer = Buffer.allocUnsafe(MB);
	for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (!item.isFile()) continue;
		const file = openSync(join(item.parentPath ?? item.path, item.name), "r");
		while (readSync(file, buffer) > 0);
		closeSync(file);
	}
}

function writeChunks(path, chunks) {
	mkdirSync(dirname(path), { recursive: true });
	const file = openSync(path, "wx");
	for (const chunk of chunks) writeSync(file, chunk);
	closeSync(file);
}

if (process.argv[1]?.endsWith("data.mjs")) {
	const scale = Number(process.argv[2] ?? 1);
	for (const name of Object.keys(DATA_SETS)) console.log(dataFolder(name, scale));
}
