export { type OtlpReceiver, type OtlpReceiverOptions, startOtlpReceiver } from './start-otlp-receiver';
