import { parseArgs } from "node:util";
import { isBucketName } from "./operations/buckets.ts";

/** The bucket that the examples and compose.yaml use as well. */
export const DEFAULT_BUCKET = "demo";
const DEFAULT_PORT = "9000";

export const USAGE = `Usage: npm run localstack -- [--port ${DEFAULT_PORT}] [--directory DIR] [--bucket ${DEFAULT_BUCKET}]...

Starts a local S3 server on 127.0.0.1 until Ctrl-C. Without --directory its data is gone afterwards.
Port 0 is any free one.`;

/** The command line, or the machine it runs on, does not let the server start; the user can change that. */
export class UsageError extends Error {
	override readonly name = "UsageError";
}

/** What the command line asks for. */
export interface CommandLine {
	readonly help: boolean;
	readonly port: number;
	/** A temporary directory unless set. */
	readonly directory: string | undefined;
	readonly buckets: readonly string[];
}

/** @throws UsageError if there is anything in it that is not understood. */
export function parseCommandLine(args: readonly string[]): CommandLine {
	const { help, port, directory, bucket: buckets } = parse(args);
	const wrong = buckets.find((name) => !isBucketName(name));
	if (wrong !== undefined) {
		throw new UsageError(
			`--bucket "${wrong}" is not a valid bucket name; use 3 to 63 lowercase letters, digits, dots and hyphens, with a letter or digit at both ends`,
		);
	}
	if (directory === "")
		throw new UsageError("--directory is empty; name a directory, or leave the option out");
	return { help, port: parsePort(port), directory, buckets };
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				port: { type: "string", default: DEFAULT_PORT },
				directory: { type: "string" },
				bucket: { type: "string", multiple: true, default: [DEFAULT_BUCKET] },
				help: { type: "boolean", short: "h", default: false },
			},
		}).values;
	} catch (cause) {
		if (!(cause instanceof TypeError)) throw cause;
		// Some of its messages have more than one line, and some end with a full stop.
		const message = cause.message.replaceAll("\n", " ").replace(/\.$/, "");
		throw new UsageError(`${message}; npm run localstack -- --help lists the options`, { cause });
	}
}

function parsePort(text: string): number {
	if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
		throw new UsageError(`--port "${text}" is not a port; use a number from 0 (any free one) to 65535`);
	}
	return Number(text);
}
