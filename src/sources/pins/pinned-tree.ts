import { SourceError } from "../../errors.ts";
import { rootDirectory } from "../files/directories/root-directory.ts";
import { LocalDevices } from "../files/local-devices.ts";
import { type Directory, type Place, startOfPaths, textOf } from "../files/place.ts";

/** A directory that entries are pinned in, as they come: neighbours share the way to them. */
export class PinnedTree {
	/** As a byte string. */
	readonly #path: string;
	readonly followLinks: boolean;
	readonly #root: Directory;
	/** Names on the way to the last place, and the directories they lead to. */
	readonly #way: { readonly name: string; readonly directory: Directory }[] = [];
	#last = "";
	/** Blocking calls are in order. */
	blocking = false;

	/** @param path - Of the directory, as a byte string. */
	constructor(path: string, followLinks: boolean) {
		this.#path = path;
		this.followLinks = followLinks;
		this.#root = rootDirectory(Buffer.from(path, "latin1"), followLinks);
	}

	/** Finds out whether it is on a disk of this machine, where blocking calls are in order. */
	async look(): Promise<void> {
		const place = this.#root.place("");
		try {
			this.blocking = await new LocalDevices().isLocal(this.#root.statNow().dev, place);
		} catch {
			this.blocking = false; // whoever opens something in it has the words for it
		}
	}

	/** @param below - Path below the directory, as a byte string. */
	originOf(below: string): string {
		return textOf(below === "" ? this.#path : startOfPaths(this.#path) + below);
	}

	/**
	 * The place of something in it, which no way leads to but through the directory.
	 *
	 * @throws {SourceError} for a path that would lead out of it.
	 */
	placeOf(below: string): Place {
		const end = below.lastIndexOf("/");
		const name = this.#checked(below.slice(end + 1), below);
		if (end === -1) return this.#root.place(name);
		const directory = below.slice(0, end);
		if (directory !== this.#last) this.#goTo(directory);
		this.#last = directory;
		return (this.#way.at(-1)?.directory ?? this.#root).place(name);
	}

	/** Closes what is open of it, but for what is in use. */
	close(): void {
		this.#root.releaseAll();
	}

	#goTo(directory: string): void {
		const names = directory.split("/");
		let common = 0;
		while (common < names.length && this.#way[common]?.name === names[common]) common += 1;
		for (const left of this.#way.splice(common).reverse()) left.directory.release();
		for (const name of names.slice(common)) {
			const above = this.#way.at(-1)?.directory ?? this.#root;
			this.#way.push({ name, directory: above.directory(this.#checked(name, directory)) });
		}
	}

	#checked(name: string, below: string): string {
		if (name !== "" && name !== "." && name !== ".." && !name.includes("\0")) return name;
		const origin = this.originOf(below);
		throw new SourceError("SOURCE_UNREADABLE", `${origin} is no path below ${textOf(this.#path)}`, {
			origin,
		});
	}
}
