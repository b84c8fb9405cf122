import { afterAll, beforeAll } from "vitest";
import { putWithLibStorage } from "../../src/storage/lib-storage-transport.ts";
import { type ContractServer, contractServer } from "./servers.ts";
import { transportContract } from "./transport-contract.ts";

let server: ContractServer;
beforeAll(async () => {
	server = await contractServer();
});
afterAll(async () => {
	await server.stop();
});

transportContract("lib-storage", putWithLibStorage, () => server);
