import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { constants, deflateRawSync } from "node:zlib";
import { noise } from "../support/bytes.ts";
import { text } from "./data.ts";
import type { GoldenCase } from "./golden-case.ts";

type Hashes = Readonly<Record<string, string>>;

/** SHA-256 of archives, by the names of their cases. */
interface GoldenFile {
	/** Those that are the same with any zlib. */
	readonly anyZlib: Hashes;
	/** Those that are not, by {@link fingerprint}. */
	readonly byZlib: Readonly<Record<string, { readonly zlib: string; readonly archives: Hashes }>>;
}

const PATH = new URL("archives.json", import.meta.url);

/**
 * What this zlib makes of data. Its version does not say it: a build for another processor of the same
 * version may find other matches, and one with another number may find the same.
 */
function fingerprint(): string {
	const hash = createHash("sha256");
	const [one, two] = [
		text(200_000, 1),
		Buffer.concat([noise(20_000, 2), text(20_000, 3), Buffer.alloc(20_000)]),
	];
	for (const level of [1, 3, 6, 9]) {
		const options = { level, memLevel: 9, finishFlush: constants.Z_SYNC_FLUSH };
		hash.update(deflateRawSync(one, options));
		hash.update(deflateRawSync(two, { ...options, dictionary: one.subarray(-32_768) }));
	}
	return hash.digest("hex").slice(0, 16);
}

/** The hashes that are written down, as far as they hold for this zlib. */
export class Golden {
	readonly #file: GoldenFile = JSON.parse(readFileSync(PATH, "utf8"));
	readonly #zlib = fingerprint();

	/** Whether archives that zlib has part in can be compared here. */
	get knowsZlib(): boolean {
		return this.#zlib in this.#file.byZlib;
	}

	/** Names that have a hash. */
	get names(): readonly string[] {
		const { anyZlib, byZlib } = this.#file;
		return [anyZlib, ...Object.values(byZlib).map(({ archives }) => archives)].flatMap(Object.keys);
	}

	hashOf({ name, zlib }: GoldenCase): string | undefined {
		return zlib ? this.#file.byZlib[this.#zlib]?.archives[name] : this.#file.anyZlib[name];
	}

	/** Writes down the hashes of all cases; those of other versions of zlib stay. */
	write(cases: readonly GoldenCase[], hashes: ReadonlyMap<string, string>): void {
		const hashesOf = (zlib: boolean): Hashes =>
			Object.fromEntries(
				cases.filter((one) => one.zlib === zlib).map(({ name }) => [name, hashes.get(name) ?? "missing"]),
			);
		const zlib = `${process.versions.zlib}, ${process.arch}`;
		const byZlib = { ...this.#file.byZlib, [this.#zlib]: { zlib, archives: hashesOf(true) } };
		writeFileSync(PATH, `${JSON.stringify({ anyZlib: hashesOf(false), byZlib }, null, "\t")}\n`);
	}
}
