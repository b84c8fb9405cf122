import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** More than sockets and streams hold between them, so that a reader that stops stops the archive. */
export const NOISE: Buffer = randomBytes(64 * 1024 * 1024);
/** A change sooner than this might leave no trace: no ranges of files that are younger. */
export const SETTLED_MS = 2100;

/** An album whose name is in no charset of old. */
export const UMLAUTS = "Ferien für Zoë 🏔";

/** Albums to download, old enough for ranges. */
export async function makeAlbums(): Promise<string> {
	const root = await mkdtemp(join(tmpdir(), "zipferry-albums-"));
	const files = {
		"holidays/a.txt": "alpha",
		"holidays/b/c.txt": "gamma",
		[`${UMLAUTS}/ä.txt`]: "ä",
		"large/a.bin": NOISE,
		"shrinking/a.bin": "",
		"secret.txt": "not an album",
	};
	for (const [name, data] of Object.entries(files)) {
		await mkdir(dirname(join(root, name)), { recursive: true });
		await writeFile(join(root, name), data);
	}
	await delay(SETTLED_MS);
	return root;
}

export async function removeAlbums(root: string): Promise<void> {
	await rm(root, { recursive: true });
}

/** How a program ended, and what it has said. */
export function run(program: string, ...args: readonly string[]): Promise<{ code: number; output: string }> {
	return new Promise((resolve) => {
		execFile(program, args, (error, stdout, stderr) =>
			resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
		);
	});
}
