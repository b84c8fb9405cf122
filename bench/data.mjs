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
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	makeEqualFiles,
	makeSparseImage,
	makeTextFiles,
	piecesOf,
	writeChunks,
	writeNew,
} from "./data/files.mjs";
import { accessLog, jsonLines } from "./data/logs.mjs";
import { copyNodeModules } from "./data/node-modules.mjs";
import { makePhotos } from "./data/photos.mjs";
import { randomBytes, seededRandom } from "./data/random.mjs";
import { realText } from "./data/text.mjs";

const MB = 1_000_000;
const TEXT_SIZE = 330 * MB;
const RANDOM_SIZE = 2 * 1024 ** 3;
const MIXED_SIZE = 400 * MB;
/** Of 330 MB of text, this much is looked for on the machine; the rest, and what is missing, are logs. */
const REAL_SHARE = 0.75;
/** Bytes of the files that most works call small. */
const SMALL = [500, 4_500];

/** Everything that is compared is made of these; `make` gets an empty folder and the scale. */
export const DATA_SETS = {
	text: {
		title: "330 MB of text in one file",
		make: (folder, scale) => writeChunks(join(folder, "text.txt"), text(TEXT_SIZE * scale)),
	},
	tiny: textFiles({ count: 20_000, sizes: [1_000, 2_000], seed: 11, title: "20,000 files of 1 to 2 KB" }),
	"small-20k": textFiles({ count: 20_000, sizes: SMALL, seed: 3, title: "20,000 files of 2.5 KB" }),
	"small-100k": textFiles({ count: 100_000, sizes: SMALL, seed: 4, title: "100,000 files of 2.5 KB" }),
	varied: textFiles({ count: 20_000, sizes: [200, 8_000], seed: 12, title: "20,000 files of 0.2 to 8 KB" }),
	medium: textFiles({ count: 2_500, sizes: [16_000, 64_000], seed: 13, title: "2,500 files of 16 to 64 KB" }),
	documents: textFiles({
		count: 640,
		sizes: [1_900_000, 2_100_000],
		seed: 16,
		title: "1.3 GB of text in files of 2 MB",
	}),
	"node-modules": {
		title: "100 MB of node_modules",
		make: (folder, scale) => copyNodeModules(folder, 100 * MB * scale),
	},
	photos: {
		title: "64 photos of 2 to 6 MB",
		make: (folder, scale) => makePhotos(folder, { count: 64 * scale, seed: 14 }),
	},
	logs: {
		title: "200 MB of logs in ten files",
		make(folder, scale) {
			for (let day = 1; day <= 5; day++) {
				writeChunks(join(folder, "nginx", `access-${day}.log`), accessLog(24 * MB * scale, 20 + day));
				writeChunks(join(folder, "services", `events-${day}.jsonl`), jsonLines(16 * MB * scale, 30 + day));
			}
		},
	},
	sparse: {
		title: "a sparse image of 10 GiB",
		make: (folder, scale) =>
			makeSparseImage(join(folder, "disk.img"), {
				size: 10 * 1024 ** 3 * scale,
				seed: 15,
				piece: textOf(scale),
			}),
	},
	"tree-10k": {
		title: "10,000 files of 2.5 KB and 60 of 1 MB",
		make: (folder, scale) => makeProject(folder, scale, textOf(scale)),
	},
	"objects-10k": {
		title: "10,000 objects of 20 KiB that nobody can compress",
		make: (folder, scale) =>
			makeEqualFiles(folder, { count: 10_000 * scale, size: 20 * 1024, name: "photo" }),
	},
	films: {
		title: "2 GiB in files of 20 MiB that nobody can compress",
		make: (folder, scale) =>
			makeEqualFiles(folder, { count: 102 * scale, size: 20 * 1024 ** 2, name: "film" }),
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
function* text(size) {
	const whole = Math.round(size);
	let made = 0;
	for (const bytes of realText(Math.round(whole * REAL_SHARE))) {
		made += bytes.byteLength;
		yield bytes;
	}
	yield* accessLog(whole - made, 1);
}

/** Cuts pieces out of the text of the same scale: `(size, random)` to bytes. */
function textOf(scale) {
	return piecesOf(join(dataFolder("text", scale), "text.txt"));
}

function textFiles({ title, count, sizes, seed }) {
	return {
		title,
		make: (folder, scale) =>
			makeTextFiles(folder, { count: count * scale, sizes, seed, piece: textOf(scale) }),
	};
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
	makeTextFiles(join(folder, "notes"), { count: (total * 0.12) / 2_500, sizes: SMALL, seed: 7, piece });
}

/** What is restored: many small files, and some that nobody can compress. */
function makeProject(folder, scale, piece) {
	makeTextFiles(join(folder, "notes"), { count: 10_000 * scale, sizes: SMALL, seed: 8, piece });
	for (let index = 0; index < 60 * scale; index++)
		writeChunks(join(folder, "photos", `photo-${index}.jpg`), randomBytes(MB, 200 + index));
}

/** Reads all files of a data set, so that the system has them at hand. Holes need no reading, and would fill its memory. */
export function readThrough(folder) {
	const buffer = Buffer.allocUnsafe(MB);
	for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (!item.isFile()) continue;
		const path = join(item.parentPath ?? item.path, item.name);
		const { blocks, size } = statSync(path);
		if (blocks * 512 < size / 2) continue;
		const file = openSync(path, "r");
		while (readSync(file, buffer) > 0);
		closeSync(file);
	}
}

if (process.argv[1]?.endsWith("data.mjs")) {
	const scale = Number(process.argv[2] ?? 1);
	for (const name of Object.keys(DATA_SETS)) console.log(dataFolder(name, scale));
}
