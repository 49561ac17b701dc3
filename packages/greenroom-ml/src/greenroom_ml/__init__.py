# SPDX-License-Identifier: Apache-2.0
"""What every model repository of Greenroom needs and nobody edits."""
