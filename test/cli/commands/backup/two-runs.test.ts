import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { hasMachines, Machines } from "../../../support/machines.ts";
import { type Program, stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { until } from "../../../support/until.ts";
import { errorLine, MAIN, startZipferry } from "../../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
let job = 0;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => {
	job += 1;
});
afterEach(stopPrograms);

/** A run that goes on until there is a file `go`. */
function backup(...options: readonly string[]): readonly string[] {
	const script = "touch started-$$; while ! test -e go; do sleep 0.05; done; echo data";
	const template = `s3://${BUCKET}/job-${job}/%Y-%m-%dT%H-%M-%SZ.zip`;
	return ["backup", ...options, "--stdin-from-command", template, "--", "sh", "-c", script];
}

/** How many of them are under way. */
function started(): number {
	return readdirSync(directory.path()).filter((name) => name.startsWith("started-")).length;
}

async function archives(): Promise<string[]> {
	return (await server.keys()).filter((key) => key.startsWith(`job-${job}/`) && key.endsWith(".zip"));
}

const programOptions = () => ({ env: server.env, cwd: directory.path() });

describe("two runs of a job at once, on one machine", () => {
	it("one goes on, and the other one exits with 8", async () => {
		await oneWins(
			() => startZipferry(backup("-q"), programOptions()),
			/^another run of this job is under way on/,
		);
	});
});

describe.skipIf(!hasMachines())("two runs of a job at once, on two machines", { tags: "slow" }, () => {
	let machines: Machines;
	beforeEach(async () => {
		machines = await Machines.open(server.s3.endpoint, directory.path("storage.sock"));
	});
	afterEach(() => machines?.close());
	const startOn = (host: string, ...options: readonly string[]) =>
		machines.start(host, [process.execPath, MAIN, ...backup(...options)], programOptions());

	it("one goes on, and the other one exits with 8", async () => {
		await oneWins(
			(host) => startOn(host, "-q"),
			/^another run of this job is under way on (here|there), process \d+, since .*; its lease ends at .*--lock-wait/,
		);
	});

	it("neither knows of the other without a lease", async () => {
		const first = startOn("here", "--no-lease");
		await until(() => started() === 1);
		await delay(1_050 - (Date.now() % 1_000)); // a key of its own
		const second = startOn("there", "--no-lease");
		await until(() => started() === 2);
		await directory.write({ go: "" });
		expect([(await first.ended).exitCode, (await second.ended).exitCode]).toEqual([0, 0]);
	});

	it("one that waits goes on as soon as the other one has ended", async () => {
		const first = startOn("here");
		await until(() => started() === 1);
		const second = startOn("there", "--lock-wait", "5m", "--verbose");
		await second.says(/waiting for another run of this job \(process \d+ on here\)/);
		await directory.write({ go: "" });
		expect(await first.ended).toMatchObject({ exitCode: 0 });
		expect(await second.ended).toMatchObject({ exitCode: 0 });
		expect(await archives()).toHaveLength(2);
	});
});

/** Starts two runs at once: one of them has to give up before the other one can end. */
async function oneWins(start: (host: string) => Program, says: RegExp): Promise<void> {
	const [first, second] = [start("here"), start("there")];
	const loser = await Promise.race([first.ended, second.ended]);
	expect(loser).toMatchObject({ exitCode: 8, stdout: "" });
	expect(errorLine(loser)).toMatch(says);
	await until(() => started() === 1);
	expect(await archives()).toEqual([]);
	await directory.write({ go: "" });
	const exitCodes = (await Promise.all([first.ended, second.ended])).map(({ exitCode }) => exitCode);
	expect(exitCodes.sort()).toEqual([0, 8]);
	expect(await archives()).toHaveLength(1);
	expect(await server.incompleteUploads()).toEqual([]);
}
