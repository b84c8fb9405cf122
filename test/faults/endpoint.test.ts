import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startZipferry } from "../cli/zipferry.ts";
import { stopPrograms } from "../support/program.ts";
import { TestArchives } from "./archive.ts";
import { observe } from "./observe.ts";
import { WireRelay } from "./proxy/wire.ts";
import { runZipferry, uploadArguments, useCredentials } from "./run-zipferry.ts";
import { type Expected, failsWith, PUBLISHED } from "./scenario.ts";
import { ended } from "./upload-process.ts";
import { violations } from "./violations.ts";
import { withWorld } from "./with-world.ts";
import type { WorldOptions } from "./world.ts";

const LIMIT_MS = 60_000;
const run = promisify(execFile);

let archives: TestArchives;
let directory: string;
beforeAll(async () => {
	archives = await TestArchives.create();
	directory = await mkdtemp(join(tmpdir(), "zipferry-tls-"));
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
	await rm(directory, { recursive: true, force: true });
});

/** Uploads with changed arguments; the outcome has to be as expected. */
async function upload(
	options: WorldOptions,
	change: (args: string[], endpoint: string) => string[],
	expected: Expected,
) {
	await withWorld(options, async (world) => {
		useCredentials(world);
		const archive = archives.of("small");
		const args = change(uploadArguments(world, archive), world.proxy.endpoint);
		const seen = await observe(world, archive, () => runZipferry(args, LIMIT_MS));
		expect(violations(seen, { expected }, world.known(archive))).toEqual([]);
	});
}

/** A port on loopback that nobody listens on. */
async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo; // listens on TCP
	server.close();
	await once(server, "close");
	return port;
}

/** Another endpoint than the proxy's. */
const to = (endpoint: string) => (args: string[], real: string) =>
	args.map((word) => (word === real ? endpoint : word));

/** A certificate for a host, self-signed, with its key. */
async function certificate(
	name: string,
	host: string,
	days: number,
): Promise<{ cert: string; key: string; file: string }> {
	const [key, request, cert] = ["key", "request", "cert"].map((kind) => join(directory, `${name}.${kind}`));
	if (key === undefined || request === undefined || cert === undefined) throw new Error("three names");
	const extensions = join(directory, `${name}.extensions`);
	await writeFile(extensions, `subjectAltName=${host}\n`);
	await run("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key]);
	await run("openssl", ["req", "-new", "-key", key, "-subj", "/CN=faults", "-out", request]);
	const by = ["-signkey", key, "-days", String(days), "-extfile", extensions];
	await run("openssl", ["x509", "-req", "-in", request, ...by, "-out", cert]);
	return { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8"), file: cert };
}

describe("an upload to an endpoint that is not as it has to be", { timeout: 120_000 }, () => {
	it.concurrent("B36 names a host that does not exist", async () => {
		await upload({}, to("https://no-such-host.invalid"), failsWith(6, /no-such-host\.invalid/));
	});

	it.concurrent("B37 says when nothing listens there", async () => {
		await upload(
			{},
			to("http://127.0.0.1:1"),
			failsWith(6, /ECONNREFUSED.*nothing listens there; check the endpoint/),
		);
	});

	it.concurrent("B37 waits for a storage that starts late, and says so at once", async () => {
		await withWorld({}, async (world) => {
			const target = Number(new URL(world.endpoint).port);
			const port = await freePort();
			const args = uploadArguments(world, archives.of("small"), []).map((word) =>
				word === world.endpoint ? `http://127.0.0.1:${port}` : word,
			);
			const loud = args.filter((word) => word !== "--no-progress");
			const seen = await observe(world, archives.of("small"), async () => {
				const program = startZipferry(loud, { env: world.env });
				await program.says(/retrying/);
				const relay = await WireRelay.start(target, [], port);
				const outcome = await program.ended;
				relay.close();
				return ended(outcome);
			});
			expect(seen).toMatchObject({ exitCode: 0, object: "new" });
			expect(seen.stderr).toMatch(/^HeadBucket failed: ECONNREFUSED; retrying in 0\.\d s\n/);
		});
	});

	it.concurrent("B37 is silent with --quiet until it gives up", async () => {
		await upload(
			{},
			(args, real) => [
				...to("http://127.0.0.1:1")(args, real).filter((word) => word !== "--no-progress"),
				"--quiet",
			],
			failsWith(6, /ECONNREFUSED/),
		);
	});

	it.concurrent("B42 refuses what cannot fit into 10,000 parts before it sends anything", async () => {
		const file = join(directory, "large.bin");
		await writeFile(file, "");
		await truncate(file, 60 * 1024 ** 3);
		const expected = failsWith(2, /10,000 parts of 5 MiB hold/, {
			requests: { CreateMultipartUpload: 0, PutObject: 0 },
		});
		await upload(
			{},
			(args) => args.map((word) => (word === archives.of("small").directory ? file : word)),
			expected,
		);
	});

	it.concurrent("B38 refuses a certificate nobody vouches for, and says what to do", async () => {
		const tls = await certificate("self-signed", "IP:127.0.0.1", 1);
		await upload(
			{ tls },
			(args) => args,
			failsWith(6, /the certificate is self-signed; use --ca-file to trust its authority/),
		);
	});

	it.concurrent("B38 accepts a certificate whose authority is given", async () => {
		const tls = await certificate("trusted", "IP:127.0.0.1", 1);
		await upload({ tls }, (args) => [...args, "--ca-file", tls.file], PUBLISHED);
	});

	it.concurrent("B38 refuses a certificate that has expired", async () => {
		const tls = await certificate("expired", "IP:127.0.0.1", -1);
		await upload(
			{ tls },
			(args) => [...args, "--ca-file", tls.file],
			failsWith(6, /certificate has expired/),
		);
	});

	it.concurrent("B38 refuses a certificate of another host", async () => {
		const tls = await certificate("other-host", "DNS:other.example", 1);
		await upload(
			{ tls },
			(args) => [...args, "--ca-file", tls.file],
			failsWith(6, /certificate is for another host/),
		);
	});

	it.concurrent("B38 does not speak TLS 1.0", async () => {
		const tls = await certificate("old", "IP:127.0.0.1", 1);
		const old = { ...tls, minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
		await upload(
			{ tls: old },
			(args) => [...args, "--ca-file", tls.file],
			failsWith(6, /cannot reach the storage/),
		);
	});
});
