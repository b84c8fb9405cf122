import { afterAll, beforeAll, describe } from "vitest";
import { putWithLibStorage } from "../../../src/storage/put/lib-storage-transport.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { type ContractServer, contractServer, serverName } from "../../s3/servers.ts";
import { transportContract } from "./transport-contract.ts";

let server: ContractServer;
beforeAll(async () => {
	server = await contractServer();
});
afterAll(async () => {
	await server.stop();
});

transportContract("lib-storage", putWithLibStorage, () => server);
// Only some servers check what AWS checks; the contract is the same.
describe.runIf(DIFFERENCES[serverName()].verifiesChecksums)("with checksums", { tags: "slow" }, () => {
	transportContract("lib-storage", putWithLibStorage, () => server, "aws");
});
