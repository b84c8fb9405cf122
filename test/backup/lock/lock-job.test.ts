import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { jobIdentity } from "../../../src/backup/lock/job-identity.ts";
import { lockAddress } from "../../../src/backup/lock/lock-address.ts";
import { type JobLock, lockJob } from "../../../src/backup/lock/lock-job.ts";
import { LockedError, type LockHolder } from "../../../src/backup/lock/locked-error.ts";
import type { KeyTemplate } from "../../../src/backup/template/key-template.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { Program, stopPrograms } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const CHILD = fileURLToPath(new URL("./lock-child.ts", import.meta.url));

/** The template of a job that no other test has. */
function newTemplate(prefix = `jobs/${randomUUID()}/`): KeyTemplate {
	return {
		bucket: "bucket",
		text: `s3://bucket/${prefix}%Y.zip`,
		timeZone: "UTC",
		host: "db1",
		prefix,
		keyAt: () => prefix,
		timeOf: () => undefined,
	};
}

async function holdInOtherProcess(template: KeyTemplate, address?: string): Promise<Program> {
	const args = ["--import", "tsx", CHILD, JSON.stringify([template, address])];
	const program = new Program(process.execPath, args, { env: {} });
	await program.says(/locked/);
	return program;
}

async function refusal(locking: Promise<JobLock>): Promise<LockedError> {
	const error = await locking.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof LockedError)) throw new Error(`no LockedError, but ${String(error)}`);
	return error;
}

afterEach(stopPrograms);

describe.each([
	["an address of this system", false],
	["a socket file", true],
])("the lock of a job, as %s", (_what, file) => {
	const directory = useTempDirectory();
	const addressIn = (): string | undefined => (file ? directory.path("lock") : undefined);

	it("is held once, and can be taken again when it was released", async () => {
		const template = newTemplate();
		const options = { waitMs: 0, address: addressIn() };
		const lock = await lockJob(template, options);
		const error = await refusal(lockJob(template, options));
		expect(error).toMatchObject({ code: "LOCKED", holder: { pid: process.pid } });
		await lock.release();
		await (await lockJob(template, options)).release();
	});

	it("tells which process of this machine holds it, since when, and how to wait", async () => {
		const template = newTemplate();
		const address = addressIn();
		const other = await holdInOtherProcess(template, address);
		const error = await refusal(lockJob(template, { waitMs: 0, address }));
		expect(error.message).toMatch(
			new RegExp(
				`^another run of this job is under way on this machine, process ${other.pid}, since [-\\d]+T[:.\\d]+Z; set lockWait, such as 10m, to wait for it$`,
			),
		);
	});

	it("is free as soon as its process was killed", async () => {
		const template = newTemplate();
		const address = addressIn();
		const other = await holdInOtherProcess(template, address);
		other.kill("SIGKILL");
		await other.ended;
		await (await lockJob(template, { waitMs: 0, address })).release();
	});

	it("is never stale, however often its process is killed", { tags: "slow" }, async () => {
		const template = newTemplate();
		const address = addressIn();
		for (let kills = 0; kills < 10; kills++) {
			const other = await holdInOtherProcess(template, address);
			expect(await refusal(lockJob(template, { waitMs: 0, address }))).toMatchObject({
				holder: { pid: other.pid },
			});
			other.kill("SIGKILL");
			await other.ended;
			await (await lockJob(template, { waitMs: 0, address })).release();
		}
	});

	it("is passed on to one of those who wait when its process is killed", async () => {
		const template = newTemplate();
		const address = addressIn();
		const other = await holdInOtherProcess(template, address);
		const waiting: LockHolder[] = [];
		const onWait = (holder: LockHolder): void => {
			waiting.push(holder);
			if (waiting.length === 2) other.kill("SIGKILL");
		};
		let inside = 0;
		const turn = async (): Promise<void> => {
			const lock = await lockJob(template, { waitMs: 600_000, address, onWait });
			expect(++inside).toBe(1);
			await new Promise((resolve) => setTimeout(resolve, 20));
			inside--;
			await lock.release();
		};
		await Promise.all([turn(), turn()]);
		expect(waiting.map((holder) => holder.pid)).toEqual([other.pid, other.pid]);
	});

	it("is given up after the time to wait", async () => {
		const template = newTemplate();
		const address = addressIn();
		const lock = await lockJob(template, { waitMs: 0, address });
		const error = await refusal(lockJob(template, { waitMs: 50, address }));
		expect(error.message).not.toContain("lockWait");
		await lock.release();
	});

	it("is not waited for any more once the signal aborts", async () => {
		const template = newTemplate();
		const address = addressIn();
		const lock = await lockJob(template, { waitMs: 0, address });
		const controller = new AbortController();
		const stop = new Error("stopped");
		const locking = lockJob(template, {
			waitMs: 600_000,
			address,
			onWait: () => controller.abort(stop),
			signal: controller.signal,
		});
		await expect(locking).rejects.toBe(stop);
		await lock.release();
	});
});

describe("the lock of a job", () => {
	const directory = useTempDirectory();

	it("holds while its process is stopped and answers nobody", async () => {
		const template = newTemplate();
		const other = await holdInOtherProcess(template);
		other.kill("SIGSTOP");
		expect(await refusal(lockJob(template, { waitMs: 0 }))).toMatchObject({ holder: { pid: undefined } });
	});

	it("repeats nothing that is not a lock's answer", async () => {
		const address = directory.path("lock");
		const server = createServer((socket) => {
			socket.on("error", () => {}); // nobody reads all of it
			socket.end(`{"pid":"\u001b[2J","since":"now"}\n${"x".repeat(1e5)}`);
		});
		server.listen(address);
		await once(server, "listening");
		const error = await refusal(lockJob(newTemplate(), { waitMs: 0, address }));
		expect(error.problem).toBe("another run of this job is under way on this machine");
		server.close();
	});

	it("leaves no file behind", async () => {
		const address = directory.path("lock");
		const other = await holdInOtherProcess(newTemplate(), address);
		other.kill("SIGKILL");
		await other.ended;
		expect(await readdir(directory.path())).toEqual(["lock"]);
		await (await lockJob(newTemplate(), { waitMs: 0, address })).release();
		expect(await readdir(directory.path())).toEqual([]);
	});

	it("is of the keys, however the template says them", () => {
		const of = (text: string) => jobIdentity(parseKeyTemplate(text, { name: "db", host: "web" }));
		const same = [
			"s3://bucket/{host}/db/%Y-%m-%d.zip",
			"s3://bucket/{host}/{name}/%F.zip",
			"s3://bucket/web/{name}/%Y-%m-%d.zip",
		];
		expect(new Set(same.map(of)).size).toBe(1);
		const others = [
			"s3://other/web/db/%F.zip",
			"s3://bucket/web/dbs/%F.zip",
			"s3://bucket/web/db/%Y-%d-%m.zip",
			"s3://bucket/web/db/%FT%T.zip",
		];
		const elsewhere = jobIdentity(parseKeyTemplate("s3://bucket/web/db/%F.zip"), "http://s3");
		expect(new Set([...[...same, ...others].map(of), elsewhere]).size).toBe(6);
	});

	it.each([
		["linux", "\0zipferry-job-id"],
		["win32", "\\\\.\\pipe\\zipferry-job-id"],
		["darwin", "/DIR/zipferry-job-id"],
	] as const)("has an address on %s that is the same for all users", async (platform, address) => {
		const found = await lockAddress("id", platform, directory.path());
		expect(found.replace(directory.path(), "/DIR")).toBe(address);
	});
});
