/**
 * Writes `docs/terminal.svg`, what the README shows: the command as it is built, on a terminal, against the local
 * server. `npm run record` after a change of what it prints. Needs `script` of util-linux.
 */
import { createCipheriv } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { drawFilm } from "./film.ts";
import { Recording, type Take } from "./recording.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const COLUMNS = 104;
const ROWS = 7;
const TITLE =
	"A terminal: zipferry upload sends a folder with a progress bar and reports size, parts and MD5; a second upload is stopped with Ctrl-C and publishes nothing; zipferry uploads finds nothing left behind";
const TAKES: readonly Take[] = [
	{ line: "zipferry upload photos s3://my-bucket/photos.zip", exitCode: 0 },
	{ line: "zipferry upload photos s3://my-bucket/photos.zip", stopAt: /\b[45]\d%/, exitCode: 130 },
	{ line: "zipferry uploads s3://my-bucket", exitCode: 0 },
];

const home = await mkdtemp(join(tmpdir(), "zipferry-record-"));
// As long as a line to another city would take.
const server = await startLocalS3({
	buckets: ["my-bucket"],
	onRequest: async ({ operation }) => {
		if (operation === "UploadPart") await delay(700);
		return undefined;
	},
});
try {
	await makePhotos(join(home, "photos"));
	await makeCommand(join(home, "bin"));
	const film = new Recording({ columns: COLUMNS, cwd: home, env: environment() });
	for (const take of TAKES) await film.play(take);
	const settings = { columns: COLUMNS, rowCount: ROWS, holdMs: 6_000, title: TITLE };
	await writeFile(`${PROJECT}docs/terminal.svg`, drawFilm(film.frames, settings));
} finally {
	await server.close();
	await rm(home, { recursive: true, force: true });
}

/** The same bytes and times whenever it runs, so that it shows the same sums. */
async function makePhotos(folder: string): Promise<void> {
	await mkdir(folder);
	for (let number = 1; number <= 12; number++) {
		const path = join(folder, `IMG_${4100 + number}.jpg`);
		const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16, number), Buffer.alloc(16));
		await writeFile(path, cipher.update(Buffer.alloc(12_000_000)));
		await chmod(path, 0o644);
		await utimes(path, number, Date.UTC(2026, 6, number) / 1000);
	}
	await chmod(folder, 0o755);
	await utimes(folder, 0, Date.UTC(2026, 6, 31) / 1000);
}

async function makeCommand(folder: string): Promise<void> {
	await mkdir(folder);
	const command = `#!/bin/sh\nexec "${process.execPath}" "${PROJECT}dist/cli/zipferry.cjs" "$@"\n`;
	await writeFile(join(folder, "zipferry"), command, { mode: 0o755 });
}

function environment(): Record<string, string> {
	return {
		PATH: `${join(home, "bin")}:${process.env["PATH"]}`,
		SHELL: "/bin/sh",
		TERM: "xterm-256color",
		LANG: "C.UTF-8", // a bar of blocks
		AWS_ENDPOINT_URL_S3: server.endpoint,
		AWS_REGION: server.region,
		AWS_ACCESS_KEY_ID: server.accessKeyId,
		AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
	};
}
