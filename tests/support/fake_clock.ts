export { FakeClock, settle, until } from "@tutti/sdk/testing";
