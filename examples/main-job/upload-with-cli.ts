import { spawn } from "node:child_process";
import { once } from "node:events";
import { isAbsolute, relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { LocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import type { SourceRoot } from "./compare-archive.ts";
import { stopSignal } from "./stop-signal.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/zipferry.cjs", import.meta.url));

/** What the program prints with `--json`, as far as it matters here. */
export interface CliResult {
	readonly size: number;
	readonly md5: string;
	readonly entryCount: number;
	readonly partCount: number;
}

/** Runs `zipferry upload` as a user would; its progress shows on this terminal. */
export async function uploadWithCli(
	roots: readonly SourceRoot[],
	excluded: readonly string[],
	{ bucket, key }: { readonly bucket: string; readonly key: string },
	server: LocalS3,
): Promise<CliResult> {
	const args = [
		"upload",
		...roots.map(({ name, path }) => `${name}=${shortPath(path)}`),
		`s3://${bucket}/${key}`,
		...excluded.flatMap((name) => ["--exclude", `/${name}`]),
		"--json",
	];
	stopSignal.throwIfAborted();
	console.error(`$ zipferry ${args.map(quote).join(" ")}`);
	const child = spawn(process.execPath, [MAIN, ...args], {
		stdio: ["ignore", "pipe", "inherit"],
		env: {
			...process.env,
			AWS_ENDPOINT_URL_S3: server.endpoint,
			AWS_REGION: server.region,
			AWS_ACCESS_KEY_ID: server.accessKeyId,
			AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
		},
	});
	// Ctrl-C on a terminal reaches the child by itself, and a second signal would cut its cleaning up short.
	// A signal that was sent to us alone does not reach it.
	let reminder: NodeJS.Timeout | undefined;
	stopSignal.addEventListener("abort", () => {
		reminder = setTimeout(() => child.kill("SIGTERM"), 1000);
	});
	const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, "close")]);
	clearTimeout(reminder);
	stopSignal.throwIfAborted();
	if (exitCode !== 0) throw new Error(`zipferry ended with exit code ${exitCode}`);
	process.stderr.write(output);
	return JSON.parse(output) as CliResult; // its own format; a wrong one shows in the comparison
}

/** Relative to where we are, unless that leads out of it. */
function shortPath(path: string): string {
	const short = relative(process.cwd(), path) || ".";
	return short.startsWith("..") || isAbsolute(short) ? path : short;
}

function quote(argument: string): string {
	return /^[\w./:=@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
