import { parseCommandLine, USAGE, UsageError } from "./command-line.ts";
import { type LocalS3, startLocalS3 } from "./local-s3.ts";

const EXIT_USAGE = 2;

try {
	const { help, ...options } = parseCommandLine(process.argv.slice(2));
	if (help) {
		console.log(USAGE);
	} else {
		const server = await start(options).catch((error: unknown) => {
			throw explain(error, options);
		});
		announce(server, options.buckets);
		for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
	}
} catch (error) {
	if (!(error instanceof UsageError)) throw error;
	console.error(`localstack: ${error.message}`);
	process.exitCode = EXIT_USAGE;
}

interface StartOptions {
	readonly port: number;
	readonly directory: string | undefined;
	readonly buckets: readonly string[];
}

async function start({ directory, ...options }: StartOptions): Promise<LocalS3> {
	return await startLocalS3({ ...options, ...(directory === undefined ? {} : { directory }) });
}

/** Contract: scripts take the `export` lines as they are; further lines begin with `#`. */
function announce(server: LocalS3, buckets: readonly string[]): void {
	console.log(`# S3 on ${server.endpoint}, path style; buckets: ${buckets.join(" ")}
export AWS_ENDPOINT_URL_S3=${server.endpoint}
export AWS_ACCESS_KEY_ID=${server.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${server.secretAccessKey}
export AWS_REGION=${server.region}`);
}

/** An error of the operating system, in words that say what to do; another one as it is. */
function explain(error: unknown, { port, directory }: StartOptions): unknown {
	if (!(error instanceof Error)) return error;
	// Errors of the operating system have both.
	const { code, syscall } = error as NodeJS.ErrnoException;
	if (syscall === undefined) return error;
	if (code === "EADDRINUSE") {
		return new UsageError(`port ${port} is in use; choose another with --port (0 takes any free one)`, {
			cause: error,
		});
	}
	if (syscall === "listen") {
		return new UsageError(`cannot listen on port ${port} (${error.message}); choose another with --port`, {
			cause: error,
		});
	}
	const where = directory ?? "the temporary directory";
	return new UsageError(`cannot keep data in ${where} (${error.message}); choose another with --directory`, {
		cause: error,
	});
}
