import { open } from "node:fs/promises";
import { join } from "node:path";
import type { GeneratedEntry, MethodChoice } from "../../../src/index.ts";
import type { EntryFacts } from "../entry-facts.ts";
import { expectedDescriptor } from "../expected-descriptor.ts";
import type { Case, Grade } from "./case.ts";

export interface Zeros {
	readonly name: string;
	/** Bytes. */
	readonly size: number;
}

export interface ZerosCaseOptions {
	readonly grade: Grade;
	readonly method: MethodChoice;
	/** Otherwise they come as streams that do not tell their size. */
	readonly sizeKnown: boolean;
}

const MTIME = new Date("2024-02-29T12:34:57Z");
const ZEROS = Buffer.alloc(2 ** 20);

/** A case of entries of gigabytes that take no disk: sparse files, or streams of zeros. */
export function zerosCase(
	name: string,
	files: readonly Zeros[],
	{ grade, method, sizeKnown }: ZerosCaseOptions,
): Case {
	return {
		name,
		grade,
		depth: "large",
		async make(directory) {
			const entries = files.map((file) => factsOf(file, sizeKnown));
			const options = { method };
			if (!sizeKnown) return { generated: files.map(streamOf), options, entries };
			for (const file of files) await makeSparse(join(directory, file.name), file.size);
			return { tree: directory, options, entries };
		},
	};
}

function factsOf({ name, size }: Zeros, sizeKnown: boolean): EntryFacts {
	const descriptor = expectedDescriptor(size, sizeKnown);
	return { name, kind: "file", mode: 0o644, mtime: MTIME.getTime() / 1000, size, descriptor };
}

async function makeSparse(path: string, size: number): Promise<void> {
	const file = await open(path, "wx");
	try {
		await file.truncate(size);
		await file.chmod(0o644);
		await file.utimes(MTIME, MTIME);
	} finally {
		await file.close();
	}
}

function streamOf({ name, size }: Zeros): GeneratedEntry {
	return { name, mtime: MTIME, content: () => zeros(size) };
}

function* zeros(size: number): Generator<Uint8Array, void, void> {
	for (let left = size; left > 0; left -= ZEROS.byteLength) {
		yield left < ZEROS.byteLength ? ZEROS.subarray(0, left) : ZEROS;
	}
}
