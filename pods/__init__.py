"""Pods: five to twelve neighbours who answer calls."""
