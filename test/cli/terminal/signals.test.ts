import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { type Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, startZipferry } from "../zipferry.ts";

const HANG = { hang: true } as const;
const KEY = "stopped.zip";

const directory = useTempDirectory();
let server: DemoServer;
let faults: FaultSwitch;

beforeEach(async () => {
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest: faults.onRequest });
	await directory.write({ noise: randomBytes(11 * 1024 * 1024) });
	await server.put(KEY, "the one before");
});
afterEach(async () => {
	await stopPrograms();
	await server.close();
});

function startUpload(): Program {
	const args = [
		"upload",
		directory.path("noise"),
		`s3://${BUCKET}/${KEY}`,
		"--part-size",
		"5M",
		"--no-progress",
	];
	return startZipferry(args, { env: server.env });
}

async function expectUntouched(): Promise<void> {
	expect(await server.incompleteUploads()).toEqual([]);
	expect(await server.keys()).toEqual([KEY]);
	expect((await server.get(KEY)).bytes.toString()).toBe("the one before");
}

describe("zipferry upload that is stopped", () => {
	it.each([
		["SIGINT", 130],
		["SIGTERM", 143],
		["SIGHUP", 129],
	] as const)("by %s in the middle exits with %d and leaves nothing behind", async (signal, exitCode) => {
		faults.next = ({ operation, partNumber }) =>
			operation === "UploadPart" && partNumber === 2 ? HANG : undefined;
		const program = startUpload();
		await faults.reached;
		program.kill(signal);
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(exitCode);
		expect(errorLine(outcome)).toBe(
			`stopped by ${signal}; nothing was published and nothing of the upload is left`,
		);
		await expectUntouched();
	});

	it("before the first answer of the server exits at once", async () => {
		faults.next = ({ operation }) => (operation === "HeadBucket" ? HANG : undefined);
		const program = startUpload();
		await faults.reached;
		program.kill("SIGINT");
		expect(await program.ended).toMatchObject({ exitCode: 130 });
		faults.next = () => undefined;
		await expectUntouched();
	});

	it("while the upload is being created leaves nothing behind", async () => {
		faults.next = ({ operation }) => (operation === "CreateMultipartUpload" ? HANG : undefined);
		const program = startUpload();
		await faults.reached;
		program.kill("SIGINT");
		expect(await program.ended).toMatchObject({ exitCode: 130 });
		await expectUntouched();
	});

	it("by a second signal does not wait for its cleaning up, and names what it leaves", async () => {
		faults.next = ({ operation, partNumber }) =>
			operation === "AbortMultipartUpload" || (operation === "UploadPart" && partNumber === 2)
				? HANG
				: undefined;
		const program = startUpload();
		await faults.reached;
		const aborting = new Promise<void>((resolve) => {
			const hang = faults.next;
			faults.next = (request) => {
				if (request.operation === "AbortMultipartUpload") resolve();
				return hang(request);
			};
		});
		program.kill("SIGINT");
		await aborting;
		program.kill("SIGTERM");
		const outcome = await program.ended;
		expect(outcome.exitCode).toBe(143);
		expect(errorLine(outcome)).toMatch(
			/^stopped at once; the incomplete upload (\S+) of s3:\/\/demo\/stopped.zip may be left behind; zipferry uploads --abort --upload-id \1 s3:\/\/demo\/stopped.zip removes it$/,
		);
	});

	it("while the storage puts the object together says what became of it", async () => {
		let letGo = () => {};
		const held = new Promise<undefined>((resolve) => {
			letGo = () => resolve(undefined);
		});
		faults.next = ({ operation }) => (operation === "CompleteMultipartUpload" ? held : undefined);
		const program = startUpload();
		await faults.reached;
		program.kill("SIGINT");
		letGo();
		const outcome = await program.ended;
		expect(outcome).toMatchObject({
			exitCode: 0,
			stderr: expect.stringMatching(/^s3:\/\/demo\/stopped.zip: 1 entry/),
		});
		expect((await server.get(KEY)).bytes.byteLength).toBeGreaterThan(11 * 1024 * 1024);
	});
});
