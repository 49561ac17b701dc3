# SPDX-License-Identifier: Apache-2.0
"""What a person has to put right."""


class PipelineError(Exception):
    """Something a person has to put right; the message says what and how."""
