import { expect, it } from "vitest";
import { pruneJob } from "../../../src/backup/archives/prune-job.ts";
import { notAhead } from "../../../src/s3/connection.ts";
import { headObject } from "../../../src/s3/objects/head-object.ts";
import { BUCKET } from "../../support/demo-server.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

const DAY_MS = 86_400_000;
/** This machine's is ahead by a year. */
const storageNow = () => Date.now() - 365 * DAY_MS;
const bucket = useArchiveBucket(() => ({ clock: () => new Date(storageNow()) }));

it("removes nothing because the clock of this machine is ahead of the storage's", async () => {
	for (const days of [1, 2, 3]) await bucket().addVerified(new Date(storageNow() - days * DAY_MS));
	const now = new Date();
	await bucket().addVerified(now); // as the run has named it that removes now
	const days = (count: number) => ({ years: 0, months: 0, days: count, hours: 0 });
	const policy = { within: days(30), min: 1 };
	const order = { policy, pruneVersions: false, requireDrill: undefined, job: undefined, dryRun: false, now };
	const { plan, outcome } = await pruneJob(bucket().connection, TEMPLATE, order);
	expect(outcome?.removed).toEqual([]);
	expect(plan.kept.map(({ rules }) => rules)).toEqual(Array.from({ length: 4 }, () => ["within 30d"]));
});

const inStep = useArchiveBucket(() => ({ clock: () => new Date(Date.now() - 1500) }));

it("takes this machine's clock as it is where the storage's is only seconds behind, as answers are", async () => {
	const { connection } = inStep();
	await headObject(connection, { bucket: BUCKET, key: "none" });
	const now = new Date();
	expect(notAhead(connection, now)).toEqual(now);
});
