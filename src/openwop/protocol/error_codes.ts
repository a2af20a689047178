// Web standards only.
import type { JsonValue } from "../../http/mod.ts";

/** The registered codes of version 2, by status. Source: v2 §12.2. */
export interface CodesV2 {
  /** With this status. */
  readonly 400:
    | "validation_error"
    | "idempotency_key_invalid"
    | "protocol_version_mismatch"
    | "unsupported_stream_mode"
    | "webhook_url_rejected"
    | "webhook_endpoint_unverified"
    | "until_in_past"
    | "interop_version_unsupported"
    | "unsupported_runtime"
    | "schedule_horizon_exceeded"
    | "sub_chain_cycle"
    | "sub_chain_depth_exceeded"
    | "connection_provider_unresolved"
    | "connector_action_unresolved"
    | "credential_scope_unsupported"
    | "delegation_chain_cyclic"
    | "delegation_chain_too_long"
    | "oauth_provider_unsupported"
    | "oauth_scope_unsupported"
    | "pack_dependency_cycle"
    | "pack_engine_unsupported"
    | "pack_integrity_failure"
    | "pack_kind_invalid"
    | "pack_lockfile_incomplete"
    | "pack_peer_dependency_missing"
    | "pack_peer_dependency_undefined"
    | "pack_signature_invalid"
    | "pack_validation_failed";
  /** With this status. */
  readonly 401:
    | "unauthenticated"
    | "interrupt_token_invalid"
    | "identity_unverified"
    | "identity_unresolvable"
    | "audience_mismatch"
    | "credential_revoked"
    | "credential_lifetime_exceeded"
    | "sender_constraint_missing"
    | "key_revoked"
    | "delegation_expired"
    | "connector_auth_expired"
    | "connector_auth_declined";
  /** With this status. */
  readonly 403:
    | "forbidden"
    | "id_tenant_mismatch"
    | "run_forbidden"
    | "credential_forbidden"
    | "credential_scope_forbidden"
    | "force_engine_version_forbidden"
    | "mock_provider_forbidden"
    | "delegation_scope_amplified"
    | "pack_namespace_unauthorized"
    | "sandbox_capability_denied"
    | "sandbox_escape_attempt"
    | "workspace_membership_required";
  /** With this status. */
  readonly 404:
    | "not_found"
    | "interrupt_not_found"
    | "credential_not_found"
    | "pack_version_not_found"
    | "replay_source_missing"
    | "signature_not_available";
  /** With this status. */
  readonly 406: "protocol_version_unsupported";
  /** With this status. */
  readonly 409:
    | "run_terminal"
    | "run_state_conflict"
    | "run_already_active"
    | "interrupt_already_resolved"
    | "idempotency_key_mismatch"
    | "idempotency_in_flight"
    | "version_conflict"
    | "workspace_conflict"
    | "envelope_correlation_conflict"
    | "replay_diverged_at_refusal"
    | "replay_memory_snapshot_unavailable"
    | "replay_context_summary_unavailable"
    | "connection_provider_conflict"
    | "pack_dependency_conflict"
    | "pack_integrity_mismatch";
  /** With this status. */
  readonly 410: "interrupt_expired" | "interrupt_cancelled";
  /** With this status. */
  readonly 413: "payload_too_large" | "workspace_too_large";
  /** With this status. */
  readonly 415: "unsupported_media_type";
  /** With this status. */
  readonly 422:
    | "capability_required"
    | "capability_not_provided"
    | "fork_point_invalid"
    | "residency_unavailable"
    | "run_timeout"
    | "loop_limit_exceeded"
    | "recursion_limit_exceeded"
    | "token_budget_exceeded"
    | "approval_rejected"
    | "node_config_invalid"
    | "envelope_invalid"
    | "envelope_refusal"
    | "envelope_truncation_unrecoverable"
    | "unknown_envelope_kind"
    | "unknown_schema_version"
    | "credential_required"
    | "connection_auth_metadata_mismatch"
    | "mcp_mrtr_rounds_exceeded"
    | "pack_runtime_requirement_unmet"
    | "sandbox_invocation_error"
    | "sandbox_memory_exceeded"
    | "sandbox_timeout";
  /** With this status. */
  readonly 426: "client_version_unsupported";
  /** With this status. */
  readonly 429: "rate_limited";
  /** With this status. */
  readonly 500:
    | "internal_error"
    | "event_type_unmapped"
    | "payload_unprojectable"
    | "pack_load_failure";
  /** With this status. */
  readonly 501: "credential_unavailable";
  /** With this status. */
  readonly 502: "mcp_error";
  /** With this status. */
  readonly 503:
    | "runner_unavailable"
    | "pack_registry_unreachable"
    | "service_unavailable";
}

/** Codes that only hosts of version 1 use and that have no other spelling in version 2. Source: v1 §14.2. */
export type CodesV1 =
  | "unsupported_mock_provider"
  | "unsupported_force_engine_version"
  | "version_out_of_range"
  | "prompt_ref_ambiguous"
  | "prompt_ref_invalid"
  | "prompt_variable_unresolved"
  | "prompt_variable_type_mismatch"
  | "no_active_deployment"
  | "key_expired"
  | "eval_gate_unmet"
  | "auth_elevation_required"
  | "provider_policy_denied"
  | "engine_version_mismatch"
  | "mcp_server_not_configured"
  | "mcp_timeout"
  | "mcp_network_error"
  | "mcp_server_error"
  | "mcp_protocol_error"
  | "mcp_tool_error"
  | "http_url_rejected"
  | "http_timeout"
  | "http_network_error"
  | "http_unexpected_status"
  | "approval_token_invalid"
  | "approval_token_expired"
  | "approval_token_consumed"
  | "channel_access_denied"
  | "channel_schema_breaking_change"
  | "channel_cross_engine_write_forbidden"
  | "cycle_detected"
  | "unsupported_token_kind"
  | "correlation_mismatch"
  | "tenant_membership_required"
  | "forbidden_tenant"
  | "fork_from_seq_unsupported"
  | "fork_unsupported_mode";

/**
 * Every registered code of a refusal, of both majors, in the spelling of version 2. Hosts have codes of their own too:
 * the set is open. Source: v2 §12.2, §12.3; v1 §14.2.
 */
export type OpenwopErrorCode = CodesV2[keyof CodesV2] | CodesV1;

/**
 * Every registered code of a run or a node that failed, which is no refusal of a call. Nodes and hosts have codes of
 * their own too: the set is open. Source: v1 §14.3, v2 §12.2.
 */
export type RunErrorCode =
  | "auth_required"
  | "forbidden"
  | "workspace_not_found"
  | "run_already_active"
  | "run_not_found"
  | "run_terminal"
  | "engine_version_mismatch"
  | "invalid_workflow_definition"
  | "invalid_trigger_input"
  | "node_type_not_found"
  | "node_config_invalid"
  | "config_validation_failed"
  | "token_budget_exceeded"
  | "concurrent_run_limit_reached"
  | "rate_limited"
  | "node_timeout"
  | "global_timeout"
  | "node_execution_failed"
  | "external_call_failed"
  | "recursion_limit_exceeded"
  | "capability_not_provided"
  | "approval_timeout"
  | "approval_token_invalid"
  | "approval_token_expired"
  | "approval_token_consumed"
  | "persistence_failed"
  | "doc_budget_exceeded"
  | "run_timeout"
  | "loop_limit_exceeded"
  | "budget_exhausted"
  | "replay_source_missing"
  | "replay_diverged_at_refusal"
  | "unknown_child_workflow"
  | "fan_out_unsupported"
  | "envelope_payload_invalid"
  | "envelope_invalid"
  | "envelope_refusal"
  | "envelope_truncation_unrecoverable"
  | "envelope_refused_by_provider"
  | "approval_rejected"
  | "interrupt_rejected"
  | "interrupt_timeout"
  | "subworkflow_child_failed"
  | "sandbox_invocation_error"
  | "sandbox_memory_exceeded"
  | "sandbox_timeout"
  | "credential_required"
  | "credential_forbidden"
  | "credential_unavailable";

/** What belongs to the codes that say more than their name; a host may leave any of it out. */
export interface ErrorDetails {
  /** Source: v2 §2.3. */
  readonly protocol_version_unsupported: {
    readonly protocolVersions?: readonly string[];
  };
  /** Source: v2 §2.3. */
  readonly client_version_unsupported: { readonly minClientVersion?: string };
  /** Source: v2 §7.5. */
  readonly unsupported_stream_mode: { readonly supported?: readonly string[] };
  /** `maxRunIds` comes with a bulk cancel of too many. Source: v2 §6.3. */
  readonly validation_error: { readonly maxRunIds?: number };
  /** Source: v2 §8.1, v1 §14.2. */
  readonly capability_required: {
    readonly requiredCapability?: string;
    readonly offendingTypeId?: string;
    readonly nodeId?: string;
  };
  /** Source: v1 §14.2. */
  readonly capability_not_provided: { readonly capability?: string };
  /** Source: v2 §8.4. */
  readonly run_state_conflict: {
    readonly runStatus?: string;
    readonly pausedAt?: string;
  };
  /** Source: v1 §13.3. */
  readonly run_already_active: {
    readonly activeRunId?: string;
    readonly activeHost?: string;
  };
  /** Source: v1 §14.4. */
  readonly rate_limited: {
    readonly scope?: string;
    readonly limit?: number;
    readonly observedRate?: number;
  };
  /** Source: v1 §5.2. */
  readonly workspace_conflict: { readonly currentVersion?: number };
  /** Source: v1 §3. */
  readonly forbidden: { readonly scopeRequired?: string };
  /** Source: v1 §14.2. */
  readonly credential_required: {
    readonly requirement?: string;
    readonly provider?: string;
    readonly capability?: string;
  };
}

/** The details of one code, beside whatever a host adds. */
export type ErrorDetailsOf<Code extends string> =
  & (Code extends keyof ErrorDetails ? ErrorDetails[Code] : unknown)
  & {
    /** Where the host's own records have it. */
    readonly correlationId?: string;
  }
  & { readonly [name: string]: JsonValue | undefined };
