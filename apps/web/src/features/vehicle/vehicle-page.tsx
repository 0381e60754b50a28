'use client';

export function VehiclePage() {
  return null;
}
