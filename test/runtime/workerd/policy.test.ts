import { describePolicy } from "../../conformance/policy.ts";

describePolicy("workerd");
