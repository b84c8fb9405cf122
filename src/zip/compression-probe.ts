import { createHash } from "node:crypto";
import { KiB } from "../bytes/units.ts";
import { archiveRun } from "./archive.ts";
import type { Entry, Level, MethodChoice } from "./entry.ts";
import { BLOCK_SIZE } from "./format/limits.ts";

/** One for each way in which content is compressed: small at once, up to a block, block by block; text and noise. */
const SIZES = [0, 100, 3 * KiB, 32 * KiB, 40 * KiB, 300 * KiB, BLOCK_SIZE + 70 * KiB];
const NOISE_SIZE = 50 * KiB;

/** What is compressed the same, in this process. */
const known = new Map<string, Promise<string>>();

/**
 * Digests what this process makes of contents that are always the same. Others whose digest is the same make the same bytes of any
 * content; zlib and zstd make other bytes in other versions, and zlib on other processors as well.
 *
 * @param level - See {@link levelOf}.
 * @returns SHA-256, lower-case hex.
 */
export function compressionProbe(method: MethodChoice, level: Level | undefined): Promise<string> {
	const key = `${method} ${level}`;
	const digest = known.get(key) ?? probe(method, level);
	known.set(key, digest);
	return digest;
}

async function probe(method: MethodChoice, level: Level | undefined): Promise<string> {
	const hash = createHash("sha256");
	const run = archiveRun(probeEntries(), {
		...{ method, level, concurrency: 2 },
		lookAhead: { count: SIZES.length + 1, size: 2 * BLOCK_SIZE },
		memory: { reusable: true },
		onBlock() {},
		onEntry() {},
		onUnreadable(_entry, error) {
			throw error;
		},
	});
	for await (const chunk of run) hash.update(chunk);
	return hash.digest("hex");
}

async function* probeEntries(): AsyncGenerator<Iterable<Entry>, void, void> {
	const contents = [...SIZES.map(wordsOf), noiseOf(NOISE_SIZE)];
	yield contents.map((content, index) => entryOf(`${index}`, content));
}

function entryOf(name: string, content: Buffer): Entry {
	let offset = 0;
	return {
		...{
			name: Buffer.from(name),
			kind: "file",
			mtimeMs: 0,
			mode: 0o644,
			origin: name,
			size: content.byteLength,
		},
		open: () => ({
			size: content.byteLength,
			read(into) {
				const count = content.copy(into, 0, offset);
				offset += count;
				return count;
			},
			close() {},
		}),
	};
}

const WORDS =
	"the of and a to in is you that it he was for on are as with his they I at be this have from or one".split(
		" ",
	);

/** Text with repetitions near and far. */
function wordsOf(size: number): Buffer {
	const next = randomNumbers(size);
	const text: string[] = [];
	for (let length = 0; length < size; ) {
		const number = next();
		const word = number % 7 === 0 ? `${number}\n` : `${WORDS[number % WORDS.length]} `;
		text.push(word);
		length += word.length;
	}
	return Buffer.from(text.join("").slice(0, size));
}

function noiseOf(size: number): Buffer {
	const next = randomNumbers(size);
	return Buffer.from(Array.from({ length: size }, () => next() >>> 8));
}

/** Whole numbers of 24 bits, always the same ones. */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state >>> 8;
	};
}
