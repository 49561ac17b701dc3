// SPDX-License-Identifier: Apache-2.0
import { Link, useSidebarOpenState } from '@backstage/core-components';
import { RiSeedlingFill } from '@remixicon/react';
import styles from './SidebarLogo.module.css';

/** The name of the portal, and the way home. */
export function SidebarLogo() {
  const { isOpen } = useSidebarOpenState();
  return (
    <Link
      to="/"
      underline="none"
      className={styles.logo}
      aria-label="Greenroom, home"
    >
      <RiSeedlingFill className={styles.icon} aria-hidden />
      {isOpen && <span className={styles.name}>Greenroom</span>}
    </Link>
  );
}
