import { afterAll, beforeAll, describe } from "vitest";
import { ContractBucket } from "./contract-bucket.ts";
import { checksumContract } from "./contract-checksums.ts";
import { conditionContract } from "./contract-conditions.ts";
import { copyContract } from "./contract-copies.ts";
import { listingContract } from "./contract-listing.ts";
import { listingRequestContract, versionRequestContract } from "./contract-listing-requests.ts";
import { lockContract } from "./contract-lock.ts";
import { multipartContract } from "./contract-multipart.ts";
import { bucketContract, objectContract } from "./contract-objects.ts";
import { readingContract } from "./contract-reading.ts";
import { requestContract } from "./contract-requests.ts";
import { uploadsContract } from "./contract-uploads.ts";
import type { ContractServer } from "./servers.ts";

/**
 * What this project relies on when it talks to an S3 server, in the words of the AWS SDK.
 *
 * Every server is asked the same; where one differs by nature, `differences.ts` says so.
 */
export function serverContract(server: ContractServer): void {
	describe(`server contract: ${server.name}`, { timeout: 60_000 }, () => {
		let created: ContractBucket | undefined;
		const bucket = (): ContractBucket => {
			if (created === undefined) throw new Error("the bucket of the contract was not created");
			return created;
		};
		beforeAll(async () => {
			created = await ContractBucket.create(server);
		}, 60_000);
		afterAll(async () => {
			await created?.destroy();
		}, 60_000);

		const { differences } = server;
		bucketContract(bucket);
		objectContract(bucket, differences);
		readingContract(bucket, server);
		listingContract(bucket);
		conditionContract(bucket, differences);
		multipartContract(bucket, differences);
		copyContract(bucket, differences);
		uploadsContract(bucket);
		checksumContract(bucket, differences);
		requestContract(bucket, server);
		listingRequestContract(bucket, server);
		versionRequestContract(bucket, server);
		lockContract(bucket, server);
	});
}
