import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const PROJECT = fileURLToPath(new URL("../../..", import.meta.url));

const directory = useTempDirectory();
afterEach(stopPrograms);

/** As somebody types it. */
function npmRunLocalstack(...args: string[]): Program {
	return program("npm", ["run", "--silent", "localstack", "--", ...args]);
}

/** The same with no npm in between, which takes a second. */
function localstack(...args: string[]): Program {
	return program(process.execPath, ["--import", "tsx", "localstack/strict-s3/main.ts", ...args]);
}

function program(command: string, args: readonly string[]): Program {
	const home = directory.path();
	return new Program(command, args, { env: { HOME: home, TMPDIR: home }, cwd: PROJECT });
}

/** Runs with a port that something listens on. */
async function withPort<T>(run: (port: number) => T | Promise<T>): Promise<T> {
	const server: Server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	try {
		// A server that listens on TCP has an address with a port.
		return await run((server.address() as AddressInfo).port);
	} finally {
		server.close();
		await once(server, "close");
	}
}

/** A port that nothing listens on any more. */
const freePort = () => withPort((port) => port);

async function hasBucket(port: number, Bucket: string): Promise<boolean> {
	const client = new S3Client({
		endpoint: `http://127.0.0.1:${port}`,
		region: "us-east-1",
		credentials: { accessKeyId: "local", secretAccessKey: "local-secret" },
		forcePathStyle: true,
	});
	return await client.send(new HeadBucketCommand({ Bucket })).then(
		() => true,
		() => false,
	);
}

describe("npm run localstack", () => {
	it("starts where --port says, with the buckets that --bucket says, and prints the variables to set", async () => {
		const port = await freePort();
		const server = npmRunLocalstack("--port", String(port), "--bucket", "mine", "--bucket", "yours");
		await server.says(/AWS_REGION=.*\n/);
		const found = await Promise.all(["mine", "yours", "demo"].map((name) => hasBucket(port, name)));
		expect(found).toEqual([true, true, false]);
		server.kill("SIGTERM");
		expect(await server.ended).toMatchObject({
			stdout: `# S3 on http://127.0.0.1:${port}, path style; buckets: mine yours
export AWS_ENDPOINT_URL_S3=http://127.0.0.1:${port}
export AWS_ACCESS_KEY_ID=local
export AWS_SECRET_ACCESS_KEY=local-secret
export AWS_REGION=us-east-1
`,
			stderr: "",
		});
	});

	it("has the bucket of the examples where none is named", async () => {
		const port = await freePort();
		const server = localstack("--port", String(port));
		await server.says(/AWS_REGION=.*\n/);
		expect(await hasBucket(port, "demo")).toBe(true);
		server.kill("SIGINT");
		expect(await server.ended).toMatchObject({ exitCode: 0, stderr: "" });
	});

	const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
		["an unknown option", ["--prot", "9000"], /Unknown option '--prot'/],
		["an argument", ["9000"], /Unexpected argument '9000'/],
		["an option without its value", ["--port"], /'--port <value>' argument missing/],
		["a value that looks like an option", ["--port", "-1"], /'--port' argument is ambiguous/],
		["a port that is no number", ["--port", "http"], /--port "http" is not a port/],
		["an empty port", ["--port="], /--port "" is not a port/],
		["a port that is too high", ["--port", "65536"], /--port "65536" is not a port/],
		["a bucket name with capitals", ["--bucket", "Mine"], /--bucket "Mine" is not a valid bucket name/],
		["one bad bucket name of several", ["--bucket", "ok1", "--bucket", "a"], /--bucket "a" is not/],
		["an empty directory name", ["--directory="], /--directory is empty/],
		["a directory that cannot be one", ["--directory", "/dev/null"], /cannot keep data in \/dev\/null/],
	];
	it.each(refused)("refuses %s in one line, with exit code 2", async (_title, args, reason) => {
		expect(await localstack(...args).ended).toMatchObject({
			exitCode: 2,
			stdout: "",
			stderr: expect.stringMatching(new RegExp(`^localstack: .*${reason.source}.*\n$`)),
		});
	});

	it("refuses a port in use in one line, with exit code 2, and leaves no data behind", async () => {
		await withPort(async (port) => {
			expect(await localstack("--port", String(port)).ended).toMatchObject({
				exitCode: 2,
				stdout: "",
				stderr: `localstack: port ${port} is in use; choose another with --port (0 takes any free one)\n`,
			});
		});
		expect((await readdir(directory.path())).filter((name) => name.startsWith("local-s3-"))).toEqual([]);
	});
});
