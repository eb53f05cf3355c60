import styles from './skeleton.module.css';

interface SkeletonProps {
  /** Read out in its place: `Loading campaigns`. */
  readonly label: string;
  /** How high the parts are that will stand here, from top to bottom, so that nothing moves when they come. */
  readonly heightsPx: readonly number[];
  readonly className?: string | undefined;
}

/** The shape of a screen while it is read. */
export function Skeleton({ label, heightsPx, className = '' }: SkeletonProps) {
  return (
    <div className={`${styles.skeleton} ${className}`}>
      <p className="hidden-visually" role="status">
        {label}
      </p>
      {heightsPx.map((height, index) => (
        <div key={index} className={styles.part} style={{ height }} aria-hidden="true" />
      ))}
    </div>
  );
}
