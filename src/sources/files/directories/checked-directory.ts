import type { Stats } from "node:fs";
import { pathOf } from "../byte-paths.ts";
import { withDescriptor } from "../descriptors.ts";
import { lstat, lstatNow, stat, statNow } from "../file-system.ts";
import { type Directory, type Place, replacedDirectory, startOfPaths, textOf } from "../place.ts";

/**
 * A directory that is reached by its path, where the system has no way through descriptors. Before each call it
 * is looked at whether that still leads to the directory it was at first. What is replaced between the look and
 * the call is followed all the same.
 */
export class CheckedDirectory implements Directory {
	/** As a byte string. */
	readonly #path: string;
	readonly #followLinks: boolean;
	readonly #above: CheckedDirectory | undefined;
	#identity: string | undefined;

	constructor(path: string, followLinks: boolean, above?: CheckedDirectory) {
		this.#path = path;
		this.#followLinks = followLinks;
		this.#above = above;
	}

	directory(name: string): Directory {
		return new CheckedDirectory(startOfPaths(this.#path) + name, this.#followLinks, this);
	}

	place(name: string): Place {
		const path = pathOf(name === "" ? this.#path : startOfPaths(this.#path) + name);
		return {
			path,
			now: (call) => {
				this.#checkNow();
				return call(path);
			},
			later: (call, options) =>
				withDescriptor(async (served) => {
					await this.#check();
					if (options?.giveBack === undefined) served();
					return call(path);
				}, options),
			hold: () => undefined, // it would not be looked at again before the call
			letGo() {},
		};
	}

	statNow(): Stats {
		this.#checkNow();
		return this.#lookNow();
	}

	/** Holds nothing. */
	release(): void {}

	releaseAll(): void {}

	#lookNow(): Stats {
		const path = pathOf(this.#path);
		return this.#above === undefined || this.#followLinks ? statNow(path) : lstatNow(path);
	}

	#checkNow(): void {
		if (this.#followLinks) return;
		for (const directory of this.#unknownOnTheWay()) {
			directory.#compare(directory.#lookNow());
		}
	}

	async #check(): Promise<void> {
		if (this.#followLinks) return;
		for (const directory of this.#unknownOnTheWay()) {
			const path = pathOf(directory.#path);
			directory.#compare(await (directory.#above === undefined ? stat(path) : lstat(path)));
		}
	}

	/** This one, and those on the way to it that have to be known first, from above. */
	#unknownOnTheWay(): readonly CheckedDirectory[] {
		const way: CheckedDirectory[] = [this];
		let next = this.#identity === undefined ? this.#above : undefined;
		for (; next !== undefined; next = next.#above) way.push(next);
		return way.reverse();
	}

	#compare(stats: Stats): void {
		const identity = `${stats.dev}:${stats.ino}`;
		this.#identity ??= identity;
		if (!stats.isDirectory() || identity !== this.#identity) throw replacedDirectory(textOf(this.#path));
	}
}
