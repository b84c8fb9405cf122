import { chmod, lutimes, mkdir, symlink, writeFile } from "node:fs/promises";
import { noise } from "../support/bytes.ts";
import { text } from "./data.ts";

interface TreeItem {
	/** As a byte string. */
	readonly name: string;
	readonly content?: string | Uint8Array;
	readonly target?: string;
	readonly mode?: number;
	readonly mtime?: string;
}

const MTIME = "2024-02-29T12:34:57Z";
const MiB = 1024 * 1024;

/** Directories come before what is in them; the first is the root. */
const ITEMS: readonly TreeItem[] = [
	{ name: "" },
	{ name: "plain" },
	{ name: "plain/0-empty", content: "" },
	{ name: "plain/1-text.txt", content: text(300_000, 1) },
	{ name: "plain/2-noise.bin", content: noise(300_000, 2) },
	{ name: "plain/3-one-block.txt", content: text(MiB, 3) },
	{ name: "plain/4-blocks.txt", content: text(2 * MiB + 1, 4) },
	{ name: "plain/5-blocks.bin", content: noise(5 * MiB + 1, 5) },
	{ name: "plain/deep" },
	{ name: "plain/deep/deeper" },
	{ name: "plain/deep/deeper/file", content: "x" },
	{ name: "plain/empty-directory" },
	{ name: "modes" },
	...[0o400, 0o444, 0o600, 0o644, 0o664, 0o700, 0o755, 0o777].map((mode) => ({
		name: `modes/${mode.toString(8)}`,
		content: "x",
		mode,
	})),
	{ name: "modes/setuid", content: "x", mode: 0o4755 },
	{ name: "modes/sticky", mode: 0o1777 },
	{ name: "modes/private", mode: 0o700 },
	{ name: "times", mtime: "2001-01-01T00:00:01Z" },
	...["1969-12-31T23:59:58Z", "1979-12-31T23:59:59Z", "1980-01-01T00:00:00Z", "2023-06-07T08:09:10Z"]
		.concat(["2023-06-07T08:09:11Z", "2023-06-07T08:09:10.750Z", "2038-01-19T03:14:07Z"])
		.concat(["2038-01-19T03:14:08Z", "2107-12-31T23:59:58Z", "2108-01-01T00:00:00Z"])
		.map((mtime) => ({ name: `times/${mtime.replaceAll(":", "")}`, content: mtime, mtime })),
	{ name: "links" },
	{ name: "links/absolute", target: "/etc/hostname" },
	{ name: "links/broken", target: "nowhere" },
	{ name: "links/directory", target: "../plain/deep" },
	{ name: "links/file", target: "../plain/1-text.txt" },
	{ name: "links/self", target: "self" },
	{ name: "names" },
	...["CON", "a:b", "end.", "grüße", "日本語.txt", "👋", "with space", "back\\slash", "new\nline"].map(
		(name) => ({
			name: `names/${Buffer.from(name).toString("latin1")}`,
			content: "x",
		}),
	),
	{ name: "names/not-utf8-\xff\xfe", content: "x" },
	{ name: "many" },
	...Array.from({ length: 1000 }, (_, index) => ({ name: `many/${index}`, content: text(index, index) })),
];

/** Makes a directory with files, directories and links that have fixed modes and times. */
export async function makeTree(root: string): Promise<void> {
	const pathOf = ({ name }: TreeItem) =>
		Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, "latin1")]);
	for (const item of ITEMS) {
		const path = pathOf(item);
		if (item.target !== undefined) await symlink(item.target, path);
		else if (item.content === undefined) await mkdir(path);
		else await writeFile(path, item.content);
	}
	for (const item of ITEMS.toReversed()) {
		const path = pathOf(item);
		const { content, target, mode = content === undefined ? 0o755 : 0o644, mtime = MTIME } = item;
		if (target === undefined) await chmod(path, mode);
		await lutimes(path, new Date(mtime), new Date(mtime));
	}
}
