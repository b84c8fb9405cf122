import {
	chmodSync,
	closeSync,
	cpSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes, seededRandom } from "../data/random.mjs";

const MiB = 1024 ** 2;
const POOL_SIZE = 16 * MiB;
/** Files of a directory. */
const PER_DIRECTORY = 100;
const FIRST_TIME_S = Date.UTC(2026, 0, 1) / 1000;

/** Kinds of changes and how often they come, of 20. */
const CHANGES = ["edit", 10, "add", 3, "remove", 2, "rename", 2, "mode", 1, "copy", 2];

/** A directory that changes a little every night; the same for the same seed. */
export class Tree {
	#root;
	#kind;
	#random;
	#pool;
	#meanSize;
	#names = [];
	#made = 0;

	/**
	 * @param kind - `"text"`: lines of words and numbers, of which DEFLATE leaves a third; `"random"`: what nobody can compress.
	 * @param size - Bytes of all files, about.
	 */
	constructor(root, { kind, size, fileCount, seed }) {
		this.#root = root;
		this.#kind = kind;
		this.#random = seededRandom(seed);
		this.#meanSize = size / fileCount;
		this.#pool = kind === "text" ? this.#textPool() : undefined;
		for (let index = 0; index < fileCount; index++) this.#add();
	}

	get fileCount() {
		return this.#names.length;
	}

	/** @returns how many changes of which kind were made. */
	change(share) {
		const counts = {};
		const changes = Math.max(1, Math.round(this.#names.length * share));
		for (let index = 0; index < changes; index++) {
			const kind = this.#changeKind();
			this[`_${kind}`]();
			counts[kind] = (counts[kind] ?? 0) + 1;
		}
		return counts;
	}

	_edit() {
		const path = this.#path(this.#any());
		const { size } = statSync(path);
		const file = openSync(path, "r+");
		writeSync(file, `edited ${this.#below(1e9)}\n`, this.#below(Math.max(1, size - 20)));
		closeSync(file);
	}

	_add() {
		this.#add();
	}

	_remove() {
		rmSync(this.#path(this.#take()));
	}

	_rename() {
		const from = this.#path(this.#take());
		const name = this.#newName();
		mkdirSync(dirname(this.#path(name)), { recursive: true });
		renameSync(from, this.#path(name));
		this.#names.push(name);
	}

	_mode() {
		const path = this.#path(this.#any());
		chmodSync(path, (statSync(path).mode & 0o7777) ^ 0o020);
	}

	/** Other content of the same size and time, as `cp -p` brings it: only the time of its attributes tells. */
	_copy() {
		const path = this.#path(this.#any());
		const { size, atime, mtime } = statSync(path);
		const other = `${path}.copied`;
		cpSync(path, other);
		const content = readFileSync(other);
		content.write(`other ${this.#below(1e9)}`, 0);
		writeFileSync(path, content.subarray(0, size));
		utimesSync(path, atime, mtime);
		rmSync(other);
	}

	#add() {
		const name = this.#newName();
		const path = this.#path(name);
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, this.#content());
		const time = FIRST_TIME_S + this.#below(200 * 86_400);
		utimesSync(path, time, time);
		this.#names.push(name);
	}

	#content() {
		// Many are small, few are large.
		const size = Math.max(64, Math.round(-Math.log(1 - this.#random()) * this.#meanSize));
		if (this.#pool === undefined) return Buffer.concat([...randomBytes(size, this.#below(1e9))]);
		const bytes = Buffer.allocUnsafe(size);
		for (let at = 0; at < size; ) at += this.#pool.copy(bytes, at, this.#below(POOL_SIZE - 4096), POOL_SIZE);
		for (let at = 0; at + 40 < size; at += 256 + this.#below(512))
			bytes.write(`\n${this.#below(1e9)} ${this.#below(1e6).toString(36)} `, at);
		return bytes;
	}

	#textPool() {
		const words = Array.from({ length: 4000 }, () => this.#below(36 ** (2 + this.#below(6))).toString(36));
		const pool = Buffer.alloc(POOL_SIZE);
		for (let at = 0; at < POOL_SIZE; ) {
			const word = words[Math.floor(this.#random() ** 3 * words.length)];
			at += pool.write(`${word}${this.#below(12) === 0 ? "\n" : " "}`, at);
		}
		return pool;
	}

	#newName() {
		const number = this.#made++;
		const directory =
			this.#names.length < PER_DIRECTORY ? 0 : this.#below(Math.ceil(this.#made / PER_DIRECTORY));
		return `part-${directory % 10}/d${String(directory).padStart(4, "0")}/f${String(number).padStart(6, "0")}.${this.#kind === "text" ? "log" : "bin"}`;
	}

	#changeKind() {
		let roll = this.#below(20);
		for (let index = 0; index < CHANGES.length; index += 2) {
			roll -= CHANGES[index + 1];
			if (roll < 0) return CHANGES[index];
		}
		return "edit";
	}

	#any() {
		return this.#names[this.#below(this.#names.length)];
	}

	#take() {
		const index = this.#below(this.#names.length);
		const name = this.#names[index];
		this.#names[index] = this.#names.at(-1);
		this.#names.pop();
		return name;
	}

	#path(name) {
		return join(this.#root, name);
	}

	#below(limit) {
		return Math.floor(this.#random() * limit);
	}
}
