/** The few icons of the page, drawn by hand on a 20 × 20 grid; all are decoration beside words. */

import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="logo-ground" />
    <path
      class="logo-water"
      d="M6 12c3.3 0 3.3 3 6.6 3s3.3-3 6.6-3 3.3 3 6.8 3M6 20c3.3 0 3.3 3 6.6 3s3.3-3 6.6-3 3.3 3 6.8 3"
    />
  </svg>
);

export const Sun = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.4" />
    <path d="M10 2.200v1.800M10 16v1.800M2.2 10H4M16 10h1.800M4.5 4.500l1.3 1.300M14.2 14.200l1.3 1.300M4.5 15.500l1.3-1.300M14.2 5.800l1.3-1.3" />
  </Icon>
);
export const Moon = () => (
  <Icon>
    <path d="M16.5 11.800A7 7 0 0 1 8.2 3.500a7 7 0 1 0 8.3 8.300Z" />
  </Icon>
);
export const Auto = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 3v14a7 7 0 0 0 0-14Z" fill="currentColor" />
  </Icon>
);
export const Leave = () => (
  <Icon>
    <path d="M12.5 6V4.500A1.5 1.5 0 0 0 11 3H5a1.5 1.5 0 0 0-1.5 1.500v11A1.5 1.5 0 0 0 5 17h6a1.5 1.5 0 0 0 1.5-1.500V14M8.5 10h8.500M14.5 7.5 17 10l-2.5 2.5" />
  </Icon>
);
export const Check = () => (
  <Icon>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Icon>
);
export const Clock = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 6v4l2.7 1.8" />
  </Icon>
);
export const Warning = () => (
  <Icon>
    <path d="M10 3.2 18 16.500H2L10 3.200ZM10 8.500v3.500M10 14.300v.1" />
  </Icon>
);
export const Pause = () => (
  <Icon>
    <path d="M7.5 5v10M12.5 5v10" />
  </Icon>
);
export const Mute = () => (
  <Icon>
    <path d="M3 8v4h3l4 3.500V4.500L6 8H3ZM13 8l4 4M17 8l-4 4" />
  </Icon>
);
export const Dash = () => (
  <Icon>
    <path d="M5 10h10" />
  </Icon>
);
export const Close = () => (
  <Icon>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);
export const MenuLines = () => (
  <Icon>
    <path d="M3 5.500h14M3 10h14M3 14.500h14" />
  </Icon>
);
export const More = () => (
  <Icon>
    <path d="M4.500 10h.1M10 10h.1M15.500 10h.1" stroke-width="2.600" />
  </Icon>
);
export const Plus = () => (
  <Icon>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);
export const Download = () => (
  <Icon>
    <path d="M10 3v9.500M6 9l4 4 4-4M4 16.500h12" />
  </Icon>
);
export const Info = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 9.300v4M10 6.500v.1" />
  </Icon>
);
export const Grip = () => (
  <Icon>
    <path d="M7 5h.1M7 10h.1M7 15h.1M13 5h.1M13 10h.1M13 15h.1" stroke-width="2.400" />
  </Icon>
);
export const Pencil = () => (
  <Icon>
    <path d="M4 16v-3L13 4l3 3-9 9H4ZM11 6l3 3" />
  </Icon>
);
export const Copy = () => (
  <Icon>
    <path d="M7 7h9v9H7zM4 13V4h9" />
  </Icon>
);
export const Bin = () => (
  <Icon>
    <path d="M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6M8.500 9v4.500M11.500 9v4.500" />
  </Icon>
);
export const Back = () => (
  <Icon>
    <path d="M4 8h8a4 4 0 0 1 0 8H8M7 5 4 8l3 3" />
  </Icon>
);
export const Forth = () => (
  <Icon>
    <path d="M16 8H8a4 4 0 0 0 0 8h4M13 5l3 3-3 3" />
  </Icon>
);
export const Corner = () => (
  <Icon>
    <path d="M16 9v7H9M16 4v.1M4 16h.1" />
  </Icon>
);
export const Open = () => (
  <Icon>
    <path d="M11 4h5v5M16 4l-7 7M14 12v4H4V6h4" />
  </Icon>
);
export const Earlier = () => (
  <Icon>
    <path d="M12 5l-5 5 5 5" />
  </Icon>
);
export const Later = () => (
  <Icon>
    <path d="M8 5l5 5-5 5" />
  </Icon>
);
export const Up = () => (
  <Icon>
    <path d="M10 16V4M5 9l5-5 5 5" />
  </Icon>
);
export const Down = () => (
  <Icon>
    <path d="M10 4v12M5 11l5 5 5-5" />
  </Icon>
);
