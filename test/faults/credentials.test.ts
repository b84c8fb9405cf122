import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { startZipferry } from "../cli/zipferry.ts";
import { DIFFERENCES } from "../s3/differences.ts";
import type { ContractServer } from "../s3/servers.ts";
import { stopPrograms } from "../support/program.ts";
import { TestArchives } from "./archive.ts";
import { observe } from "./observe.ts";
import { type Answer, errorAnswer } from "./proxy/answer.ts";
import { answer, type Fault } from "./proxy/fault.ts";
import type { Operation } from "./proxy/operation.ts";
import { runZipferry, uploadArguments, useCredentials } from "./run-zipferry.ts";
import { failsWith, PUBLISHED } from "./scenario.ts";
import { ended } from "./upload-process.ts";
import { violations } from "./violations.ts";
import { withWorld } from "./with-world.ts";

const HOUR_MS = 3_600_000;
const LIMIT_MS = 60_000;

let archives: TestArchives;
beforeAll(async () => {
	archives = await TestArchives.create();
});
afterAll(async () => {
	await stopPrograms();
	await archives?.remove();
});

/** Changes every answer of the server. */
function rewriteAll(rewrite: (given: Answer) => Answer): readonly [{ readonly fault: Fault }] {
	return [{ fault: { type: "rewrite", rewrite } }];
}

function withHeader(given: Answer, name: string, value: string): Answer {
	const others = given.headers.filter(([other]) => other.toLowerCase() !== name);
	return { ...given, headers: [...others, [name, value]] };
}

/** A server whose clock is wrong, or right where ours is wrong. */
async function serverAt(clock: () => Date): Promise<ContractServer> {
	const { endpoint, region, accessKeyId, secretAccessKey, close } = await startLocalS3({ clock });
	const credentials = { accessKeyId, secretAccessKey };
	return { name: "embedded", endpoint, region, credentials, differences: DIFFERENCES.embedded, stop: close };
}

describe("an upload whose signatures are not accepted at first", { timeout: 120_000 }, () => {
	it("B3 corrects a clock that is an hour off, by the server's", async () => {
		const archive = archives.of("parts");
		let skewMs = 0;
		const clock = () => new Date(Date.now() + skewMs);
		const rules = rewriteAll((given) => withHeader(given, "date", clock().toUTCString()));
		await withWorld({ server: await serverAt(clock), rules }, async (world) => {
			useCredentials(world);
			const seen = await observe(world, archive, async () => {
				skewMs = HOUR_MS;
				const end = await runZipferry(uploadArguments(world, archive), LIMIT_MS);
				skewMs = 0;
				return end;
			});
			expect(violations(seen, { expected: PUBLISHED }, world.known(archive))).toEqual([]);
		});
	});

	it("B5 follows to the region that the storage names", async () => {
		const archive = archives.of("parts");
		const rules = rewriteAll((given) =>
			given.status === 400
				? withHeader({ ...given, status: 301 }, "x-amz-bucket-region", "us-east-1")
				: given,
		);
		await withWorld({ rules }, async (world) => {
			useCredentials(world);
			const args = [...uploadArguments(world, archive), "--region", "eu-west-1"];
			const seen = await observe(world, archive, () => runZipferry(args, LIMIT_MS));
			expect(violations(seen, { expected: PUBLISHED }, world.known(archive))).toEqual([]);
		});
	});

	it.each<[string, Operation, number]>([
		["between two parts", "UploadPart", 2],
		["before Complete", "CompleteMultipartUpload", 1],
	])(
		"B13 gets new credentials when they expire %s, and goes on with them",
		async (_title, operation, occurrence) => {
			const archive = archives.of("parts");
			const script = `${archive.directory}-${operation}.sh`;
			const rules = [{ operation, occurrence, fault: answer(errorAnswer("ExpiredToken")) }];
			await withWorld({ rules }, async (world) => {
				const { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey, ...env } = world.env;
				const given = JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey });
				await writeFile(script, `echo renewed >> ${script}.log\necho '${given}'\n`);
				await writeFile(`${script}.config`, `[default]\ncredential_process = sh ${script}\n`);
				const seen = await observe(world, archive, async () => {
					const settings = { env: { ...env, AWS_CONFIG_FILE: `${script}.config` } };
					return ended(await startZipferry(uploadArguments(world, archive), settings).ended);
				});
				expect(violations(seen, { expected: PUBLISHED }, world.known(archive))).toEqual([]);
				// Each of the two clients asks once; both ask again when the storage says that they have expired.
				const calls = (await readFile(`${script}.log`, "utf8")).split("\n").length - 1;
				expect(calls).toBe(operation === "UploadPart" ? 3 : 4);
			});
		},
	);

	it("C1 ends by SIGINT while it waits for credentials", async () => {
		const archive = archives.of("parts");
		const config = `${archive.directory}-waiting.config`;
		await withWorld({}, async (world) => {
			const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = world.env;
			const asked = `${config}.asked`;
			await writeFile(config, `[default]\ncredential_process = sh -c "touch ${asked}; sleep 60"\n`);
			const seen = await observe(world, archive, async () => {
				const settings = { env: { ...env, AWS_CONFIG_FILE: config } };
				const program = startZipferry(uploadArguments(world, archive), settings);
				while (!existsSync(asked)) await delay(20);
				program.kill("SIGINT");
				return ended(await program.ended);
			});
			const expected = failsWith(130, /^zipferry: stopped by SIGINT; nothing was published/);
			expect(violations(seen, { expected }, world.known(archive))).toEqual([]);
			expect(seen.elapsedMs).toBeLessThan(30_000);
		});
	});
});
