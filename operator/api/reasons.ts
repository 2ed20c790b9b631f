// SPDX-License-Identifier: Apache-2.0

/** Reasons of conditions; constants, never interpolated, so that scripts may match them. */
export const Reasons = {
  Progressing: 'Progressing',
  Succeeded: 'Succeeded',
  WaitingForApproval: 'WaitingForApproval',
  Paused: 'Paused',
  NoData: 'NoData',
  RollingBack: 'RollingBack',
  AnalysisFailed: 'AnalysisFailed',
  CanaryDown: 'CanaryDown',
  DeadlineExceeded: 'DeadlineExceeded',
  Aborted: 'Aborted',
  InvalidSpec: 'InvalidSpec',
  Suspended: 'Suspended',
  TargetNotFound: 'TargetNotFound',
  TargetNotSupported: 'TargetNotSupported',
  ServiceNotFound: 'ServiceNotFound',
  ServiceNotSupported: 'ServiceNotSupported',
  IngressNotFound: 'IngressNotFound',
  IngressNotSupported: 'IngressNotSupported',
  TemplateNotFound: 'TemplateNotFound',
  InvalidTemplate: 'InvalidTemplate',
  NameTaken: 'NameTaken',
  NoStableEndpoints: 'NoStableEndpoints',
  Contended: 'Contended',
  Superseded: 'Superseded',
  ReturnedToStable: 'ReturnedToStable',
  MetricsMissing: 'MetricsMissing',
  Deleting: 'Deleting',
} as const;
export type Reason = (typeof Reasons)[keyof typeof Reasons];

/** Reasons of events (events.k8s.io/v1). */
export const EventReasons = {
  Initialized: 'Initialized',
  NewRevisionDetected: 'NewRevisionDetected',
  CanaryScaledUp: 'CanaryScaledUp',
  TrafficShifted: 'TrafficShifted',
  AnalysisStarted: 'AnalysisStarted',
  CheckFailed: 'CheckFailed',
  CheckInconclusive: 'CheckInconclusive',
  AnalysisPassed: 'AnalysisPassed',
  AnalysisFailed: 'AnalysisFailed',
  Paused: 'Paused',
  ApprovalRequired: 'ApprovalRequired',
  Approved: 'Approved',
  Resumed: 'Resumed',
  Promoted: 'Promoted',
  RolledBack: 'RolledBack',
  Aborted: 'Aborted',
  Superseded: 'Superseded',
  DeadlineExceeded: 'DeadlineExceeded',
  TrafficOverwritten: 'TrafficOverwritten',
  InvalidSpec: 'InvalidSpec',
  ActionRejected: 'ActionRejected',
} as const;
export type EventReason = (typeof EventReasons)[keyof typeof EventReasons];
